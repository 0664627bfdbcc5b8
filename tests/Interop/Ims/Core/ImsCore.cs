using System.Net;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Interop.Ims.Kamailio;

[assembly: AssemblyFixture(typeof(ImsCoreFixture))]

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>A home network's core: Debian's Kamailio as I-CSCF and as S-CSCF, and the HSS of these tests.</summary>
sealed class ImsCore : IAsyncDisposable
{
    public const string Domain = "ims.example.net";

    const string HssHost = "127.0.0.1";
    const string Icscf = "icscf." + Domain;
    const string Scscf = "scscf." + Domain;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly CxListener _hss = new(new(HssHost, Domain));
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ims-core-");
    readonly List<KamailioProgram> _programs = [];
    int _subscribers;
    bool _keepsLogs;

    ImsCore()
    {
    }

    /// <summary>The only address that may vouch for users: an eP-CSCF of the operator's.</summary>
    public static IPAddress EdgeAddress => IPAddress.Loopback;

    /// <summary>Where the I-CSCF listens, UDP and TCP.</summary>
    public IPEndPoint IcscfEndPoint { get; private set; } = null!;

    /// <summary>Where the S-CSCF listens, UDP and TCP.</summary>
    public IPEndPoint ScscfEndPoint { get; private set; } = null!;

    public CxListener Hss => _hss;

    public static async Task<ImsCore> StartAsync()
    {
        var core = new ImsCore();
        try
        {
            await core.RunAsync();
            return core;
        }
        catch
        {
            await core.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new subscriber of the HSS, with a name that no other test has.</summary>
    /// <param name="name">What its name begins with.</param>
    /// <param name="wafs">Which WAFs may register it; none for all.</param>
    public Subscriber Subscribe(string name, params (string Waf, string? Wwsf)[] wafs)
    {
        var number = Interlocked.Increment(ref _subscribers);
        var subscriber = new Subscriber($"{name}{number}", Domain, $"{name} and {number}")
        {
            Telephone = $"tel:+1555{number:0000000}", AllowedWafs = wafs,
        };
        _hss.Add(subscriber);
        return subscriber;
    }

    /// <summary>New subscribers with one private identity, each with a public identity of its own: a pool (scenario 3).</summary>
    public IReadOnlyList<Subscriber> SubscribePool(int count)
    {
        var pool = $"pool{Interlocked.Increment(ref _subscribers)}";
        var members = Enumerable.Range(1, count)
            .Select(i => new Subscriber($"{pool}-{i}", Domain, pool) { PrivateIdentity = $"{pool}@{Domain}" })
            .ToArray();
        foreach (var member in members) _hss.Add(member);
        return members;
    }

    /// <summary>A test has failed: what the core logged is kept. Says where.</summary>
    public string KeepLogs()
    {
        _keepsLogs = true;
        return _folder.FullName;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) program.Dispose();
        await _hss.DisposeAsync();
        if (_keepsLogs)
            for (var i = 0; i < _programs.Count; i++)
                File.WriteAllText(Path.Combine(_folder.FullName, $"{i}.log"), _programs[i].Log);
        else _folder.Delete(recursive: true);
    }

    async Task RunAsync()
    {
        var ports = LoopbackPorts.Free(2);
        (IcscfEndPoint, ScscfEndPoint) = (new(IPAddress.Loopback, ports[0]), new(IPAddress.Loopback, ports[1]));
        Configure("icscf", Icscf);
        Configure("scscf", Scscf);
        var tables = _folder.CreateSubdirectory("tables").FullName;
        foreach (var table in (string[])["version", "nds_trusted_domains", "s_cscf", "s_cscf_capabilities"])
            Template.Fill(Path.Combine("tables", table), Path.Combine(tables, table), Words());
        foreach (var name in (string[])["icscf", "scscf"]) _programs.Add(new(name, _folder.FullName));

        // Kamailio opens its sockets first, forks then, and the children call the HSS: who has called can be called.
        var ready = Task.WhenAll(_hss.PeerAsync(Icscf), _hss.PeerAsync(Scscf));
        var ended = Task.WhenAny(_programs.Select(program => program.Ended));
        if (await Task.WhenAny(ready, ended).WaitAsync(Patience) == ready) return;
        throw new InvalidOperationException(
            $"Kamailio did not start.\n{string.Join('\n', _programs.Select(program => program.Log))}");
    }

    void Configure(string name, string host)
    {
        var words = Words();
        words["NAME"] = host;
        Template.Fill($"{name}.cfg", Path.Combine(_folder.FullName, $"{name}.cfg"), words);
        Template.Fill("peer.xml", Path.Combine(_folder.FullName, $"{name}.xml"), words);
    }

    Dictionary<string, string> Words() => new()
    {
        ["DOMAIN"] = Domain,
        ["FOLDER"] = _folder.FullName,
        ["EDGE_ADDRESS"] = $"{EdgeAddress}",
        ["ICSCF_PORT"] = $"{IcscfEndPoint.Port}",
        ["SCSCF_PORT"] = $"{ScscfEndPoint.Port}",
        ["HSS_HOST"] = HssHost,
        ["HSS_PORT"] = $"{_hss.Port}",
    };
}
