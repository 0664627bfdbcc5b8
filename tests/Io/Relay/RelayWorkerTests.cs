using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Audit;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>The loop of a worker, turned by the test's own thread.</summary>
public sealed class RelayWorkerTests : IDisposable
{
    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);

    readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    [Theory]
    [InlineData(DataPath.Portable)]
    [InlineData(DataPath.Linux)]
    public async Task What_is_relayed_allocates_nothing_in_either_direction_and_either_form(DataPath choice)
    {
        Assert.SkipUnless(choice == DataPath.Portable || LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        var path = Open(DataPaths.Open(choice, 1, NullLogger.Instance)[0]);
        var listener = UdpSockets.Bind(Loopback);
        var worker = Worker(path, listener);
        var server = TransportAddress.From((System.Net.IPEndPoint)listener.LocalEndPoint!);
        var (byChannel, bySend) = (Open(new RawClient(server, "alice", "secret")), Open(new RawClient(server, "alice", "secret")));
        using var peer = Open(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        // Not the relays' own address: of that only live relays are peers.
        peer.Bind(TransportAddress.IPv4(0x7F000002, 0).ToIPEndPoint());
        var peerAddress = TransportAddress.From((System.Net.IPEndPoint)peer.LocalEndPoint!);

        var relays = await Pump(() =>
        {
            var answers = new[] { byChannel.Allocate(), bySend.Allocate() };
            Assert.Null(byChannel.BindChannel(0x4000, peerAddress).Error);
            Assert.Null(bySend.Permit(peerAddress).Error);
            return answers.Select(answer => answer.Relayed.ToIPEndPoint()).ToArray();
        });

        var before = 0L;
        var buffer = new byte[2000];
        // What the runtime makes for itself as it compiles is not made each time.
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => AHundred()));

        long AHundred()
        {
            var allocated = 0L;
            for (var i = 0; i < 100; i++)
            {
                byChannel.SendOnChannel(0x4000, "to the peer by channel"u8);
                bySend.Send(peerAddress, "to the peer by Send"u8);
                allocated += TurnUntil(peer, 2);
                foreach (var relay in relays) peer.SendTo("to the client"u8, relay);
                for (var heard = 0; heard < 2; heard += byChannel.TakeHeard().Length + bySend.TakeHeard().Length) allocated += Turned();
            }

            return allocated;
        }

        long TurnUntil(Socket socket, int count)
        {
            var allocated = 0L;
            for (; count > 0; count--)
            {
                while (socket.Available == 0) allocated += Turned();
                socket.Receive(buffer);
            }

            return allocated;
        }

        long Turned()
        {
            path.Wake(); // Else it would wait for what may have come already.
            before = GC.GetAllocatedBytesForCurrentThread();
            worker.Turn();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        async Task<T> Pump<T>(Func<T> clients)
        {
            var task = Task.Run(clients, TestContext.Current.CancellationToken);
            _ = task.ContinueWith(_ => path.Wake(), TaskScheduler.Default);
            while (!task.IsCompleted) worker.Turn();
            return await task;
        }
    }

    RelayWorker Worker(IDataPath path, Socket listener)
    {
        var rules = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(Loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
        };
        var verifier = new CredentialVerifier(rules.Realm, [new("alice", "secret")], []);
        var random = new SystemRandom();
        var server = new TurnServer(default, rules, new TurnLedger(rules, new()), verifier, NonceKeys.Draw(random), random);
        var log = NullLogger.Instance;
        return new(default, server, path, [(Loopback, listener)], (new ConnectionLedger(new(), []), null),
            () => SystemClock.Now, null, log, new AuditLines(log), Nobody);

        static Task Nobody(WorkerId worker, TurnOrder order) => Task.CompletedTask;
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }
}
