using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Assessment.Links;
using Portunus.Assessment.Study;
using Portunus.Nodes.Core;
using Portunus.Nodes.Loopback;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Serve;
using Portunus.Nodes.Tls;
using Portunus.Store.Access;

namespace Portunus.Assessment.Systems;

/// <summary>
/// WAF, WWSF, eP-CSCF, home core and TURN server of one solution, each a node of its own as <c>portunus serve</c> runs it, on
/// loopback, with an emulated link between each two that speak to each other.
/// </summary>
public sealed partial class StudySystem : IAsyncDisposable
{
    /// <summary>Home domain, digest realm and TURN realm.</summary>
    public const string Realm = "ims.example.net";

    /// <summary>As certificates and tokens of RFC 7635 name them.</summary>
    public const string TurnName = "turn1.ims.example.net", EdgeName = "epcscf1.ims.example.net", WafName = "waf1.ims.example.net";

    readonly StudySettings _settings;
    readonly LinkModel _model;
    readonly List<EmulatedLink> _links = [];
    readonly List<IAsyncDisposable> _nodes = [];
    readonly StudyKeys _keys = new();
    readonly ILoggerFactory _logs = NullLoggerFactory.Instance;
    readonly string _folder;
    readonly LoopbackAuthority _authority;
    readonly TlsFiles _localhost;
    AccessStore _access = null!;
    ServedSystem _waf = null!;
    ServedSystem _turn = null!;
    ServedSystem _edge = null!;
    ServedSystem _core = null!;

    StudySystem(StudySettings settings, LinkModel model)
    {
        (_settings, _model) = (settings, model);
        _folder = FolderIn(settings.TemporaryFolder);
        _authority = new(_folder);
        _localhost = _authority.Server();
        W1 = Add(new StreamLink(LinkName.W1, Entity.Wic, Entity.Wwsf, "HTTPS", model));
        Waf = Add(new StreamLink(LinkName.Waf, Entity.Wic, Entity.Waf, "HTTPS", model));
        W2 = Add(new StreamLink(LinkName.W2, Entity.Wic, Entity.Edge, "SIP/WSS", model));
        Stun = Add(new DatagramLink(LinkName.Stun, Entity.Wic, Entity.Turn, "STUN/UDP", model));
        Mw = Add(new DatagramLink(LinkName.Mw, Entity.Edge, Entity.Core, "SIP/UDP", model));
        MwBack = Add(new DatagramLink(LinkName.MwBack, Entity.Core, Entity.Edge, "SIP/UDP", model));
        Credentials = Add(new StreamLink(LinkName.Credentials, Entity.Edge, Entity.Turn, "HTTPS", model));
        Fetch = Add(new StreamLink(LinkName.Fetch, Entity.Turn, Entity.Edge, "HTTPS", model));
        Control = Add(new StreamLink(LinkName.Control, Entity.Edge, Entity.Turn, "ng/TLS", model));
        TokenKeys = Add(new StreamLink(LinkName.TokenKeys, Entity.Edge, Entity.Waf, "HTTPS", model));
        TurnKeys = Add(new StreamLink(LinkName.TurnKeys, Entity.Turn, Entity.Waf, "HTTPS", model));
        WafFeed = Add(new StreamLink(LinkName.WafFeed, Entity.Waf, Entity.Turn, "HTTPS", model));
        Site = Add(new StreamLink(LinkName.Site, Entity.Wwsf, Entity.Waf, "HTTPS", model));
    }

    public Way Way => _settings.Way;

    /// <summary>What every link does; may be given another network between two clients.</summary>
    public LinkModel Model => _model;

    /// <summary>All links, those of other ways too: nothing passes there.</summary>
    public IReadOnlyList<EmulatedLink> Links => _links;

    public StreamLink W1 { get; }

    public StreamLink Waf { get; }

    public StreamLink W2 { get; }

    public DatagramLink Stun { get; }

    public DatagramLink Mw { get; }

    public DatagramLink MwBack { get; }

    public StreamLink Credentials { get; }

    public StreamLink Fetch { get; }

    public StreamLink Control { get; }

    public StreamLink TokenKeys { get; }

    public StreamLink TurnKeys { get; }

    public StreamLink WafFeed { get; }

    public StreamLink Site { get; }

    /// <summary>Secrets that the TURN server shares with another entity for this way: those it was given, and the one that it
    /// fetches of the WAF. Certificates, which each entity has for itself, are none.</summary>
    public int SharedKeys
    {
        get
        {
            var given = Sources();
            return given.Users.Length + given.Secrets.Length + given.TokenKeys.Length + (IsByWaf ? 1 : 0);
        }
    }

    public EdgeNode Edge => _edge.Edge!;

    public CscfNode Core => _core.Core!;

    public TurnNode Turn => _turn.Turn!;

    /// <summary>Starts all of them, and waits until the TURN server is ready for the first client.</summary>
    /// <param name="settings">Which system.</param>
    /// <param name="model">Of every link.</param>
    /// <param name="stop">Ends the start.</param>
    public static async Task<StudySystem> StartAsync(StudySettings settings, LinkModel model, CancellationToken stop)
    {
        var system = new StudySystem(settings, model);
        try
        {
            // What the nodes say to each other before the first client comes is not what is measured.
            var network = model.Network;
            model.Network = new(0, 0);
            await system.StartNodesAsync();
            await system.UntilReadyAsync(stop);
            model.Network = network;
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _nodes.Count - 1; i >= 0; i--) await _nodes[i].DisposeAsync();
        foreach (var link in _links) await link.DisposeAsync();
        _access?.Dispose();
        _authority.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    T Add<T>(T link) where T : EmulatedLink
    {
        _links.Add(link);
        return link;
    }

    T Own<T>(T node) where T : IAsyncDisposable
    {
        _nodes.Add(node);
        return node;
    }

    /// <summary>For this user alone: data bases and keys of the system are there.</summary>
    static string FolderIn(string place)
    {
        var path = Path.Combine(place, $"portunus-assess-{Guid.NewGuid():N}");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path).FullName
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    static IPEndPoint Free => new(IPAddress.Loopback, 0);
}
