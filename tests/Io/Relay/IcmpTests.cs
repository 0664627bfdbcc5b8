using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Relay;

/// <summary>What the kernel says of datagrams that came to nothing reaches the client (RFC 8656 §11.5), on the Linux data path.</summary>
public sealed class IcmpTests
{
    static readonly string[] Turn =
    [
        "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--relay-address", "::1", "--realm", "example.org",
        "--user", "alice:secret", "--allow-peer", "127.0.0.0/8", "--datapath", "linux",
    ];

    [Fact]
    public void A_peer_whose_port_is_closed_is_told_with_its_port_and_others_are_still_reached()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the error queue of a socket is Linux's");
        using var server = PortunusProcess.Serve(Turn);
        using var alice = new RawClient(server.Listeners[0], "alice", "secret");
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        var open = TransportAddress.From((IPEndPoint)peer.LocalEndPoint!);
        var closed = Closed();
        var relayed = alice.Allocate().Relayed;
        Assert.Null(alice.Permit(open).Error);

        for (var i = 0; i < 20; i++)
        {
            alice.Send(closed, "nobody"u8);
            // Port unreachable (RFC 792), which is no reason to lose what goes to somebody else.
            Assert.Equal((closed, new IcmpError(3, 3, 0)), alice.ReceiveIcmp());
            alice.Send(open, "somebody"u8);
            var buffer = new byte[100];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            Assert.Equal(8, peer.ReceiveFrom(buffer, ref from));
            Assert.Equal(relayed.ToIPEndPoint(), from);
        }

        Assert.Equal(0, server.Terminate());
        Assert.Contains("the system refused 0 sends, 0 receives", server.Errors, StringComparison.Ordinal);
    }

    static TransportAddress Closed()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        return TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }
}
