using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Audit;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Transport;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A worker that hears by one transport, and turns on the test's own thread: what it allocates is seen.</summary>
sealed class TurnedWorker : IDisposable
{
    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);

    readonly PemFiles _files = PemFiles.Create();
    readonly TurnCertificate _certificate;
    readonly IDataPath _path;
    readonly RelayWorker _worker;

    public TurnedWorker(DataPath choice, ClientTransport transport)
    {
        _certificate = new(new(_files.Certificate, _files.Key));
        _path = DataPaths.Open(choice, 1, NullLogger.Instance)[0];
        var listener = new TurnListener(Loopback, transport);
        var socket = listener.IsStream ? StreamSockets.Bind(Loopback) : UdpSockets.Bind(Loopback);
        if (listener.IsStream) socket.Listen(16);
        Server = TransportAddress.From((System.Net.IPEndPoint)socket.LocalEndPoint!);
        var rules = new TurnSettings { Realm = "example.org", Relays = [new(Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")] };
        var verifier = new CredentialVerifier(rules.Realm, [new("alice", "secret")], []);
        var random = new SystemRandom();
        var server = new TurnServer(default, rules, new TurnLedger(rules, new()), verifier, NonceKeys.Draw(random), random);
        var log = NullLogger.Instance;
        _worker = new(default, server, _path, [(listener with { Address = Server }, socket)], (new(new(), []), _certificate),
            () => SystemClock.Now, null, log, new AuditLines(log), _ => throw new InvalidOperationException("It is alone."));
    }

    public TransportAddress Server { get; }

    public LoopCounters Loop => _worker.Loop;

    /// <summary>One turn; says how many bytes it took from the heap.</summary>
    public long Turn()
    {
        _path.Wake(); // Else it would wait for what may have come already.
        var before = GC.GetAllocatedBytesForCurrentThread();
        _worker.Turn();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Turns as long as clients have something to do elsewhere.</summary>
    public async Task<T> Serve<T>(Func<T> clients)
    {
        var task = Task.Run(clients, TestContext.Current.CancellationToken);
        _ = task.ContinueWith(_ => _path.Wake(), TaskScheduler.Default);
        while (!task.IsCompleted) _worker.Turn();
        return await task;
    }

    public void Dispose()
    {
        // It ends by itself, on a thread of its own, and closes what it has.
        _worker.Stop();
        _worker.Start();
        _worker.Ended.Wait();
        _certificate.Dispose();
        _files.Dispose();
    }
}
