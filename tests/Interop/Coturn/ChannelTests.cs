using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Channels of Debian's <c>turnutils_uclient</c> through <c>portunus turn</c>, no message lost.</summary>
public sealed class ChannelTests(CoturnFixture fixture)
{
    [Fact]
    public void With_name_and_password() =>
        OnChannels(_ => ["-u", "alice", "-w", "wonderland", "-c", .. fixture.ToPeer, .. Messages(2000), .. At(fixture.IPv4)])
            .AssertNoLoss(2000);

    [Fact]
    public void With_a_shared_secret() =>
        OnChannels(draw => [.. Rest(draw), "-c", .. fixture.ToPeer, .. Messages(2000), .. At(fixture.IPv4)]).AssertNoLoss(2000);

    [Fact]
    public void Between_two_relays_of_IPv6() =>
        OnChannels(draw => [.. Rest(draw), "-y", "-c", "-x", .. Messages(1000, clients: 2), .. At(fixture.IPv6)])
            .AssertNoLoss(2000);

    /// <summary>Another name for each run: one that ended early leaves its allocations, and a name has a quota.</summary>
    static string[] Rest(int draw) => ["-u", $"carol{draw}", "-W", CoturnFixture.Secret];
}
