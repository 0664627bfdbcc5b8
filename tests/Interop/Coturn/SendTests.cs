using Portunus.Tests.Io.Commands;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Send and Data indications of Debian's <c>turnutils_uclient</c> through <c>portunus turn</c>, none lost.</summary>
public sealed class SendTests(CoturnFixture fixture)
{
    static readonly string[] Static = ["-u", "alice", "-w", "wonderland"];
    static readonly string[] Rest = ["-u", "bob", "-W", CoturnFixture.Secret];

    [Fact]
    public void With_name_and_password() =>
        Once([.. Static, "-c", "-s", .. fixture.ToPeer, .. Messages(1000, clients: 2), .. At(fixture.IPv4)]).AssertNoLoss(2000);

    [Fact]
    public void With_a_shared_secret() =>
        Once([.. Rest, "-c", "-s", .. fixture.ToPeer, .. Messages(1000, clients: 2), .. At(fixture.IPv4)]).AssertNoLoss(2000);

    [Fact]
    public void Between_two_relays_of_IPv6() =>
        Once([.. Static, "-y", "-c", "-s", "-x", .. Messages(1000, clients: 2), .. At(fixture.IPv6)]).AssertNoLoss(2000);

    [Fact]
    public void From_a_client_of_IPv6_by_a_relay_of_IPv4() =>
        Once([.. Static, "-c", "-s", "-X", .. fixture.ToPeer, .. Messages(1000), .. At(fixture.IPv6)]).AssertNoLoss(1000);

    [Fact]
    public void With_long_messages_and_fragments_forbidden() =>
        Once([.. Static, "-c", "-s", "-g", "-l", "1200", .. fixture.ToPeer, .. Messages(1000), .. At(fixture.IPv4)])
            .AssertNoLoss(1000);

    /// <summary>RFC 8489 §9.2.5: such a realm asks for USERHASH, and a client of before still comes with its USERNAME.</summary>
    [Fact]
    public void In_a_realm_of_static_users_alone()
    {
        using var server = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org",
            "--user", "alice:wonderland", "--allow-peer", "127.0.0.0/8");
        Once([.. Static, "-c", "-s", .. fixture.ToPeer, .. Messages(200), .. At(server.Listeners[0])]).AssertNoLoss(200);
        Assert.Equal(0, server.Terminate());
    }

    [Theory]
    [InlineData("-u", "alice", "-w", "looking-glass")]
    [InlineData("-u", "nobody", "-w", "wonderland")]
    [InlineData("-u", "bob", "-W", "south")]
    public void With_a_wrong_credential_there_is_no_allocation(params string[] credential)
    {
        var run = Once([.. credential, "-c", "-s", .. fixture.ToPeer, .. Messages(5), .. At(fixture.IPv4)]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Cannot complete Allocation", run.Output, StringComparison.Ordinal);
        Assert.True(run.Received <= 0, run.Output);
    }
}
