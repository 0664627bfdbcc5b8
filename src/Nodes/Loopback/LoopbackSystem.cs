using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Core;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Store.Access;

namespace Portunus.Nodes.Loopback;

/// <summary>
/// Page, WWSF, WAF, eP-CSCF, home core, TURN server and media gateway node in one process on 127.0.0.1 and ::1, with nothing to
/// set up: here the parts are chosen (all three scenarios, every way of provisioning) and given their addresses and keys.
/// </summary>
public sealed partial class LoopbackSystem : IAsyncDisposable
{
    readonly List<IDisposable> _parts = [];
    readonly List<MountedApplication> _mounted = [];
    EdgeNode? _edge;
    WebNode? _web;
    TurnNode? _turn;
    AgwNode? _agw;
    TransferNode? _transfer;
    FetchListener? _fetched;
    CredentialListener? _credentials;

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

    /// <summary>Ends when a TURN server does; it ends by itself only by a defect, and then fails.</summary>
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
        foreach (var mounted in _mounted) await mounted.DisposeAsync();
        // In the order in which they speak to one another; then those whom they spoke to.
        _edge?.Dispose();
        if (_fetched is not null) await _fetched.DisposeAsync();
        _transfer?.Dispose();
        if (_credentials is not null) await _credentials.DisposeAsync();
        if (_agw is not null) await _agw.DisposeAsync();
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        _parts.Clear();
    }

    async Task ComposeAsync(LoopbackSettings settings, ILoggerFactory logs)
    {
        var http = Own(LoopbackPort.Bind("--http", settings.HttpPort));
        var https = Own(LoopbackPort.Bind("--https", settings.HttpsPort));
        HasIPv6 = http.HasIPv6 && https.HasIPv6;
        Page = new($"http://localhost:{http.Port}/");

        // First of all that uses the data folder: it makes it, or says what is wrong with it.
        var subscribers = Own(SubscriberStore.Open(settings.DataFolder));
        var access = Own(AccessStore.OpenFolder(settings.DataFolder));
        var keys = new LoopbackKeys(settings.Realm);
        var signIn = new SignInPlan(settings, Page, http.Port, https.Port);
        var mounting = MountAsync(settings, signIn, keys, access, logs);
        try
        {
            await SaveAsync(settings, signIn, subscribers, access);
            using (var authority = new LoopbackAuthority(settings.DataFolder))
            {
                var web = http.EndPoints.Concat(https.EndPoints).Select(TransportAddress.From);
                await StartTurnAsync(settings, keys, authority, web, logs);
            }

            var tokens = MakeVerifier(signIn, settings.Realm);
            StartSignalling(settings, keys, signIn, tokens, subscribers, logs);
            await mounting;
            _web = await StartWebAsync(settings, keys, signIn, tokens, http, https, logs);
            Listeners =
            [
                .. http.EndPoints.Select(endPoint => new Listener("http", endPoint)),
                .. https.EndPoints.Select(endPoint => new Listener("https", endPoint)),
                .. _turn!.Listeners.Select(address => new Listener("turn", address.ToIPEndPoint())),
                .. _agw!.Turn.Listeners.Select(address => new Listener("agw", address.ToIPEndPoint())),
            ];
        }
        finally
        {
            // What it uses must not go before it is done.
            await mounting;
        }
    }

    T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
