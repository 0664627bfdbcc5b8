using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Tests.Io.Transport;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Relay;

/// <summary>The loop of a worker, turned by the test's own thread.</summary>
public sealed class RelayWorkerTests : IDisposable
{
    readonly List<IDisposable> _open = [];

    public static TheoryData<DataPath, ClientTransport> Ways => new()
    {
        { DataPath.Portable, ClientTransport.Udp }, { DataPath.Portable, ClientTransport.Dtls }, { DataPath.Linux, ClientTransport.Udp },
        { DataPath.Linux, ClientTransport.Tcp }, { DataPath.Linux, ClientTransport.Tls }, { DataPath.Linux, ClientTransport.Dtls },
    };

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task What_is_relayed_allocates_nothing_in_either_direction_and_either_form(DataPath choice, ClientTransport transport)
    {
        Assert.SkipUnless(choice == DataPath.Portable || LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        var worker = Open(new TurnedWorker(choice, transport));
        using var peer = Open(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        // Not the relays' own address: of that only live relays are peers.
        peer.Bind(TransportAddress.IPv4(0x7F000002, 0).ToIPEndPoint());
        var peerAddress = TransportAddress.From((System.Net.IPEndPoint)peer.LocalEndPoint!);

        var (byChannel, bySend, relays) = await worker.Serve(() =>
        {
            var (one, other) = (Client(worker.Server, transport), Client(worker.Server, transport));
            var answers = new[] { one.Allocate(), other.Allocate() };
            Assert.Null(one.BindChannel(0x4000, peerAddress).Error);
            Assert.Null(other.Permit(peerAddress).Error);
            return (one, other, answers.Select(answer => answer.Relayed.ToIPEndPoint()).ToArray());
        });

        var buffer = new byte[2000];
        // The portable path sleeps through most turns: nothing wakes it.
        var times = choice == DataPath.Portable ? 20 : 100;
        // What the runtime makes for itself as it compiles is not made each time.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => Many()));

        long Many()
        {
            var allocated = 0L;
            for (var i = 0; i < times; i++)
            {
                byChannel.SendOnChannel(0x4000, "to the peer by channel"u8);
                bySend.Send(peerAddress, "to the peer by Send"u8);
                allocated += TurnUntil(peer, 2);
                foreach (var relay in relays) peer.SendTo("to the client"u8, relay);
                for (var heard = 0; heard < 2; heard += byChannel.TakeHeard().Length + bySend.TakeHeard().Length)
                    allocated += worker.Turn();
            }

            return allocated;
        }

        long TurnUntil(Socket socket, int count)
        {
            var allocated = 0L;
            for (; count > 0; count--)
            {
                while (socket.Available == 0) allocated += worker.Turn();
                socket.Receive(buffer);
            }

            return allocated;
        }
    }

    [Theory, InlineData(ClientTransport.Tcp), InlineData(ClientTransport.Tls)]
    public async Task Messages_that_come_in_pieces_and_in_bursts_over_a_stream_allocate_nothing(ClientTransport transport)
    {
        Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        var worker = Open(new TurnedWorker(DataPath.Linux, transport));
        using var peer = Open(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 });
        peer.Bind(TransportAddress.IPv4(0x7F000002, 0).ToIPEndPoint());
        var client = await worker.Serve(() =>
        {
            var one = Client(worker.Server, transport);
            one.Allocate();
            Assert.Null(one.BindChannel(0x4000, TransportAddress.From((System.Net.IPEndPoint)peer.LocalEndPoint!)).Error);
            return one;
        });

        var message = new byte[ChannelData.HeaderLength + 160];
        ChannelData.WriteHeader(message, new(0x4000), 160);
        byte[] burst = [.. Enumerable.Repeat(message, 20).SelectMany(one => one)];
        var buffer = new byte[2000];
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => Fifty()));

        long Fifty()
        {
            var allocated = 0L;
            for (var i = 0; i < 50; i++)
            {
                client.SendRaw(burst.AsSpan(0, 100 + i));
                for (var turns = 0; turns < 3; turns++) allocated += worker.Turn();
                client.SendRaw(burst.AsSpan(100 + i));
                for (var heard = 0; heard < 20; heard++)
                {
                    while (peer.Available == 0) allocated += worker.Turn();
                    Assert.Equal(160, peer.Receive(buffer));
                }
            }

            return allocated;
        }
    }

    [Fact]
    public void A_flood_of_hellos_allocates_nothing()
    {
        var worker = Open(new TurnedWorker(DataPath.Auto, ClientTransport.Dtls));
        using var context = TlsContext.Client(isDatagrams: true);
        using var session = DtlsSession.Connect(context, Nodes.SystemClock.Now);
        var hello = Assert.Single(DtlsPair.TakeFrom(session));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(worker.Server.ToIPEndPoint());
        var buffer = new byte[2000];
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AHundred()));
        Assert.True(worker.Loop.CookiesSent >= 100);

        long AHundred()
        {
            var allocated = 0L;
            for (var i = 0; i < 100; i++)
            {
                socket.Send(hello);
                while (socket.Available == 0) allocated += worker.Turn();
                Assert.Equal(DtlsListener.AnswerLength, socket.Receive(buffer));
            }

            return allocated;
        }
    }

    RawClient Client(TransportAddress server, ClientTransport transport)
    {
        var client = transport == ClientTransport.Dtls
            ? new RawClient(new RawDtls(server.ToIPEndPoint()), "alice", "secret")
            : new RawClient(server, "alice", "secret", transport: transport);
        lock (_open) return Open(client);
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
