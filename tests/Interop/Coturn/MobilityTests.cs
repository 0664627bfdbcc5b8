using System.Text.RegularExpressions;
using Portunus.Tests.Io.Commands;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Debian's <c>turnutils_uclient</c> with ICE mobility (RFC 8016): it opens another socket after its Allocate and goes on there
/// by the ticket.</summary>
public sealed class MobilityTests(CoturnFixture fixture)
{
    // Not client to client: who only hears has not shown itself at its new address, and is sent to at the old one (RFC 8016 §3.2.2).
    [Theory, InlineData(1), InlineData(4)]
    public void By_Send_indications_nothing_is_lost(int workers)
    {
        using var server = Serve(workers);
        Once([.. Alice, "-s", .. fixture.ToPeer, .. Messages(200, clients: 2), .. At(server.Listeners[0])]).AssertNoLoss(400);
        AssertMoved(server, clients: 2);
    }

    [Theory, InlineData(1), InlineData(4)]
    public void On_channels_nothing_is_lost(int workers)
    {
        using var server = Serve(workers);
        OnChannels(_ => [.. Alice, .. fixture.ToPeer, .. Messages(200), .. At(server.Listeners[0])]).AssertNoLoss(200);
        AssertMoved(server, clients: 1);
    }

    static string[] Alice => ["-M", "-c", "-u", "alice", "-w", "wonderland"];

    static PortunusProcess Serve(int workers) => PortunusProcess.Serve(
        "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org",
        "--user", "alice:wonderland", "--allow-peer", "127.0.0.0/8", "--mobility", "--workers", $"{workers}");

    static void AssertMoved(PortunusProcess server, int clients)
    {
        Assert.Equal(0, server.Terminate());
        Assert.True(Regex.Count(server.Errors, "Allocation .* moved: client") >= clients, server.Errors);
    }
}
