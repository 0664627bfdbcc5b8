using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Admin;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Core;
using Portunus.Nodes.Loopback;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Nodes.Serve;

/// <summary>The roles of <c>portunus serve</c> in one process; here they are given their addresses, keys and each other.</summary>
public sealed partial class ServedSystem : IAsyncDisposable
{
    readonly List<IDisposable> _parts = [];
    readonly List<CertificateFiles> _certificates = [];
    readonly List<Listener> _listeners = [];
    readonly SystemRandom _random = new();
    readonly LiveRelays _liveRelays = new();
    readonly ILoggerFactory _logs;
    readonly ILogger _webLog;
    TurnNode? _turn;
    ImmutableArray<CredentialTable> _tables = [];
    CredentialListener? _credentials;
    CredentialFinder? _finder;
    AgwNode? _agw;
    TransferNode? _transfer;
    FetchListener? _fetch;
    WafNode? _waf;
    GrantRevoker? _revoker;
    OwnWaf? _ownWaf;
    WwsfNode? _wwsf;
    EdgeNode? _edge;
    EdgeWebNode? _web;
    AdminNode? _admin;

    ServedSystem(ILoggerFactory logs) => (_logs, _webLog) = (logs, logs.CreateLogger("Portunus.Web"));

    /// <summary>With their real ports.</summary>
    public IReadOnlyList<Listener> Listeners => _listeners;

    /// <summary>Null without the role, or before its listeners are bound; the same for the others.</summary>
    public TurnNode? Turn => _turn ?? _agw?.Turn;

    public EdgeNode? Edge => _edge;

    public CscfNode? Core { get; private set; }

    /// <summary>Ends when a TURN server does, which ends by itself only by a defect; never without one.</summary>
    public Task Ended => Task.WhenAny(
        _turn?.Ended ?? Task.Delay(Timeout.Infinite), _agw?.Turn.Ended ?? Task.Delay(Timeout.Infinite)).Unwrap();

    /// <summary>Binds all ports, then starts all roles; nothing is left behind when one cannot be.</summary>
    /// <param name="settings">Validated by the parts.</param>
    /// <param name="logs">Stays with the caller.</param>
    /// <exception cref="RefusedException">A port is taken, a file cannot be used, or a setting makes no sense.</exception>
    public static async Task<ServedSystem> StartAsync(ServeSettings settings, ILoggerFactory logs)
    {
        var system = new ServedSystem(logs);
        try
        {
            await system.ComposeAsync(settings);
            return system;
        }
        catch (Exception e)
        {
            await system.DisposeAsync();
            if (e is StoreException or ArgumentException) throw new RefusedException(e.Message, e);
            throw;
        }
    }

    /// <summary>Before it is disposed of: lets allocations live on for as long as the settings say.</summary>
    public Task FarewellAsync() => Task.WhenAll(TurnNodes.Select(turn => turn.FarewellAsync()));

    /// <summary>How often the configuration was read again; for who reads it.</summary>
    public Reloads Reloads { get; } = new();

    IEnumerable<TurnNode> TurnNodes => new[] { _turn, _agw?.Turn }.OfType<TurnNode>();

    /// <summary>Closes every WebSocket, then stops the roles in the reverse of their order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_admin is not null) await _admin.DisposeAsync();
        if (_edge is not null) await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        if (_web is not null) await _web.DisposeAsync();
        if (_fetch is not null) await _fetch.DisposeAsync();
        if (_fetcher is not null) await _fetcher.DisposeAsync();
        if (_credentials is not null) await _credentials.DisposeAsync();
        if (_agw is not null) await _agw.DisposeAsync();
        if (_wwsf is not null) await _wwsf.DisposeAsync();
        if (_revoker is not null) await _revoker.DisposeAsync();
        if (_waf is not null) await _waf.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        _parts.Clear();
    }

    T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
