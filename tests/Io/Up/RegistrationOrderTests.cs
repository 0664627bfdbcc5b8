using Portunus.Epcscf;

namespace Portunus.Tests.Io.Up;

/// <summary>What an operator sees and does, through the shards of a running edge.</summary>
public sealed class RegistrationOrderTests(LoopbackFixture fixture) : IClassFixture<LoopbackFixture>
{
    [Fact]
    public async Task Registrations_of_all_shards_are_listed_and_one_is_ended()
    {
        await using var alice = await fixture.RegisteredAsync("alice");
        await using var bob = await fixture.RegisteredAsync("bob");
        var edge = fixture.System.Edge;
        var all = await edge.RegistrationsAsync();
        Assert.Equal([alice.Impu, bob.Impu], all.Select(one => one.Identity).Order());
        Assert.All(all, one => Assert.Equal((Scenario.Digest, true, false), (one.Scenario, one.Flow is not null, one.IsKnownToTurn)));

        Assert.False(await edge.EndAsync("nobody"));
        Assert.True(await edge.EndAsync(all.First(one => one.Identity == alice.Impu).Id));
        Assert.NotNull(await alice.ReceiveCloseAsync());
        Assert.Equal([bob.Impu], (await edge.RegistrationsAsync()).Select(one => one.Identity));
    }
}
