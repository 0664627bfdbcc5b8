using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Tests.Io.Relay;

/// <summary>Each listener counts the messages of the protocol and their bytes, whatever carries them.</summary>
public sealed class ListenerCountersTests
{
    // A try in which a client had to send again, since the machine was busy, counts more.
    const int Tries = 10;

    public ListenerCountersTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    public static TheoryData<ClientTransport> All => [.. Enum.GetValues<ClientTransport>()];

    [Theory, MemberData(nameof(All))]
    public void Messages_are_counted_and_no_padding_no_record_and_no_handshake(ClientTransport transport)
    {
        using var stand = new StreamStand();
        var counters = stand.Loop.Listeners[stand.Node.Listening.IndexOf(new(stand.At(transport), transport))];
        (long, long, long, long) Grown(Action action)
        {
            var before = (counters.Received, counters.ReceivedBytes, counters.Sent, counters.SentBytes);
            action();
            return (counters.Received - before.Received, counters.ReceivedBytes - before.ReceivedBytes, counters.Sent - before.Sent,
                counters.SentBytes - before.SentBytes);
        }

        // A Binding request and its response, both with FINGERPRINT.
        Assert.Contains((1L, 28L, 1L, 40L), Enumerable.Range(0, Tries).Select(_ => Grown(() =>
        {
            using var client = stand.Client(transport);
            Assert.Null(client.Bind().Error);
        })));

        var alice = stand.Client(transport);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        peer.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        var relayed = alice.Allocate().Relayed;
        Assert.Null(alice.BindChannel(0x4000, TransportAddress.From((IPEndPoint)peer.LocalEndPoint!)).Error);
        // Five bytes and a head of four, each way; a stream has three of padding more.
        Assert.Contains((1L, 9L, 1L, 9L), Enumerable.Range(0, Tries).Select(_ => Grown(() =>
        {
            alice.SendOnChannel(0x4000, "there"u8);
            Assert.Equal(5, peer.Receive(new byte[100]));
            peer.SendTo("back!"u8, relayed.ToIPEndPoint());
            Assert.Equal(5, alice.Receive().Length);
        })));
    }
}
