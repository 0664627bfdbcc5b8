using Portunus.Tests.Interop.Ims.Core;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>A core that cannot do its work; it is one of its own, since the others' tests need theirs.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Without_the_HSS_the_core_is_silent_and_the_WIC_hears_504_from_the_edge_in_its_own_time()
    {
        await using var core = await ImsCore.StartAsync();
        var (alice, bob) = (core.Subscribe("alice"), core.Subscribe("bob"));
        await using var edge = await EdgeStand.StartAsync(
            core, "TCP", settings => settings with { CoreSilence = TimeSpan.FromSeconds(10) });
        await using var before = await edge.RegisteredAsync(alice);
        await core.Hss.DisposeAsync();

        await using var wic = await edge.ConnectAsync(bob);
        var refused = await wic.RegisterAsync(bob.Password);
        Assert.Equal(504, refused.Status);
        Assert.False(refused.Has(Party.CredentialHeader));
        // Who was registered stays so.
        Assert.True((await before.AskAgainAsync()).Has(Party.CredentialHeader));
    }
}
