using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Relay;
using Portunus.Nodes.W2;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Loopback;

/// <summary>
/// WWSF page, eP-CSCF, home core and TURN server in one process on 127.0.0.1 and ::1, with nothing to set up: here the parts
/// are chosen (scenario 1 with SIP Digest, Approach 1) and given their addresses and keys.
/// </summary>
public sealed partial class LoopbackSystem : IAsyncDisposable
{
    readonly List<IDisposable> _parts = [];
    EdgeNode? _edge;
    WebNode? _web;

    LoopbackSystem()
    {
    }

    /// <summary>In the order in which they were bound.</summary>
    public IReadOnlyList<Listener> Listeners { get; private set; } = [];

    /// <summary>Where the page is, with the real port.</summary>
    public Uri Page { get; private set; } = null!;

    /// <summary>The home core: takes orders.</summary>
    public CscfNode Core { get; private set; } = null!;

    /// <summary>False on a machine without ::1: then 127.0.0.1 alone is served.</summary>
    public bool HasIPv6 { get; private set; }

    /// <summary>Lists and ends registrations.</summary>
    public EdgeNode Edge => _edge!;

    /// <summary>Ends when the TURN server does; it ends by itself only by a defect, and then fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Binds all ports, then starts all parts; nothing is left behind when one cannot be.</summary>
    /// <param name="settings">Validated by the parts.</param>
    /// <param name="logs">Stays with the caller.</param>
    /// <exception cref="RefusedException">A port is taken, the folder cannot be used, or a setting makes no sense.</exception>
    public static async Task<LoopbackSystem> StartAsync(LoopbackSettings settings, ILoggerFactory logs)
    {
        var system = new LoopbackSystem();
        try
        {
            await system.ComposeAsync(settings, logs);
            return system;
        }
        catch (Exception e)
        {
            await system.DisposeAsync();
            if (e is StoreException or ArgumentException) throw new RefusedException(e.Message, e);
            throw;
        }
    }

    /// <summary>Closes every WebSocket, then stops the parts in the reverse of their order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_edge is not null) await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        if (_web is not null) await _web.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        _parts.Clear();
    }

    async Task ComposeAsync(LoopbackSettings settings, ILoggerFactory logs)
    {
        var http = Own(LoopbackPort.Bind("--http", settings.HttpPort));
        var https = Own(LoopbackPort.Bind("--https", settings.HttpsPort));
        HasIPv6 = http.HasIPv6 && https.HasIPv6;

        // Nobody outside this process needs it, so nobody is told: drawn anew at each start.
        var random = new SystemRandom();
        var secret = new SharedSecret(SecretHash.Sha1, Draw(random).Span);
        var web = http.EndPoints.Concat(https.EndPoints).Select(TransportAddress.From);
        var turn = Own(StartTurn(settings, secret, [.. web], logs));
        Ended = turn.Ended;

        var subscribers = Own(SubscriberStore.Open(settings.DataFolder));
        foreach (var subscriber in settings.Subscribers) await subscribers.SaveAsync(subscriber);

        var (edgeEnd, coreEnd) = MwPipe.Create(logs.CreateLogger("Portunus.Mw"));
        _edge = Own(MakeEdge(settings, secret, turn.Listeners[0], edgeEnd, random, logs));
        var core = Own(MakeCore(settings, subscribers, coreEnd, random, logs));
        _edge.Start();
        core.Start();
        Core = core;

        Page = new($"http://localhost:{http.Port}/");
        var certificate = Own(
            settings.KeepCertificate ? LoopbackCertificate.Keep(settings.DataFolder) : LoopbackCertificate.Create());
        _web = await WebNode.StartAsync(
            new()
            {
                Http = http,
                Https = https,
                Certificate = certificate,
                PageFolder = settings.PageFolder,
                Realm = settings.Realm,
                W2 = new() { Origins = Origins(http.Port, https.Port) },
            },
            _edge,
            logs);
        Listeners =
        [
            .. http.EndPoints.Select(endPoint => new Listener("http", endPoint)),
            .. https.EndPoints.Select(endPoint => new Listener("https", endPoint)),
            .. turn.Listeners.Select(address => new Listener("turn", address.ToIPEndPoint())),
        ];
    }

    T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    static Bytes Draw(SystemRandom random)
    {
        // 256 bits: what HMAC-SHA-256 can use, and more than HMAC-SHA-1 can.
        Span<byte> key = stackalloc byte[32];
        random.Fill(key);
        return Bytes.Copy(key);
    }

    /// <summary>Pages of this server under each of its three names.</summary>
    static HashSet<string> Origins(int http, int https) =>
    [
        .. new[] { "localhost", "127.0.0.1", "[::1]" }
            .SelectMany(host => new[] { Origin("http", host, http), Origin("https", host, https) }),
    ];

    /// <summary>As browsers write it: without the port that the scheme has anyway (RFC 6454 §6.2).</summary>
    static string Origin(string scheme, string host, int port) =>
        (scheme, port) is ("http", 80) or ("https", 443) ? $"{scheme}://{host}" : $"{scheme}://{host}:{port}";
}
