using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Turn;
using Portunus.Wic;

namespace Portunus.Tests.Simulation;

/// <summary>How kind a world is to those in it.</summary>
enum Weather
{
    /// <summary>Faults of every kind, and links that lose.</summary>
    Stormy,

    /// <summary>Nothing goes wrong, nothing is lost.</summary>
    Calm,

    /// <summary>Calm but for five seconds in which no WIC reaches the edge: after the first calls, during the long one.</summary>
    WebSocketsLost,

    /// <summary>Calm, but the core ends every registration once, by order of its operator.</summary>
    Ordered,

    /// <summary>Calm, but the relay's clock is so far ahead that every credential has run out.</summary>
    ClockAhead,
}

/// <summary>
/// The whole system in one world, drawn from a seed: 8 to 20 WICs, an edge of one or two shards, a home core, a TURN server of
/// two workers, an intruder; calls in both directions, one of them over half an hour; and things that go wrong.
/// </summary>
sealed class Scenario
{
    public const string Waf = "https://waf.ims.example.net";
    public const string WebServer = "www.ims.example.net";

    const string Domain = "ims.example.net";
    const int UserQuota = 2;

    // Addresses that no special-purpose block holds: relays would refuse those as peers.
    static readonly TransportAddress TurnListener = TransportAddress.IPv4(0x0B000001, RelayHost.Port);
    static readonly TransportAddress EdgeW2 = TransportAddress.IPv4(0x0D000001, 443);
    static readonly TransportAddress EdgeMw = TransportAddress.IPv4(0x0D000001, 5060);
    static readonly TransportAddress CoreMw = TransportAddress.IPv4(0x0D000002, 5060);
    static readonly TransportAddress IntruderAddress = TransportAddress.IPv4(0x0E000001, 0);

    readonly SeededRandom _chance;
    readonly Outside _outside = new();
    readonly Plant _plant;
    readonly bool _calm;
    readonly NodeRef _turnRef;
    readonly NodeRef _edgeRef;
    readonly NodeRef _coreRef;
    readonly RelayHost _turn;
    readonly EdgeHost _edge;
    readonly CoreHost _core;
    readonly Intruder _intruder;
    readonly List<(WicHost Host, NodeRef Ref)> _wics = [];
    int _judged = -1;
    bool _socketsHold = true;
    bool _workersHold = true;
    bool _usersHold = true;
    bool _quotaHolds = true;

    /// <param name="seed">All chance.</param>
    /// <param name="plant">A defect put in.</param>
    /// <param name="weather">What goes wrong.</param>
    public Scenario(ulong seed, Plant plant = Plant.None, Weather weather = Weather.Stormy)
    {
        _calm = weather != Weather.Stormy;
        World = new World(seed, $"SEED={seed} ./test sim");
        (_chance, _plant) = (World.Chance, plant);
        Facts = new Facts(World);

        var secret = new SharedSecret(SecretHash.Sha1, "a secret of edge and relay"u8);
        _turn = NewRelayHost(secret);
        _turnRef = World.Add("turn", _turn, TurnListener, Skew(30));
        _core = NewCore();
        _coreRef = World.Add("core", _core, CoreMw, Skew(5));
        _edge = NewEdge(secret);
        _edgeRef = World.Add("edge", _edge, EdgeW2, Skew(30));
        World.Link(_edgeRef, _coreRef, new LinkShape { Delay = Milliseconds(1, 10), Jitter = Milliseconds(0, 5), Loss = 0.01 });
        _intruder = new Intruder(IntruderAddress, TurnListener, _chance.Fork(), Facts);
        World.Link(World.Add("intruder", _intruder, IntruderAddress), _turnRef, new LinkShape { Delay = Milliseconds(10, 80) });
        var count = 8 + _chance.Next(13);
        for (var i = 0; i < count; i++) AddWic(i);

        DeclareLaws();
        Plan();
        if (weather == Weather.WebSocketsLost) LoseWebSockets(TimeSpan.FromSeconds(57));
        else if (weather == Weather.ClockAhead) World.SetWallSkew(_turnRef, TimeSpan.FromHours(2));
        else if (weather == Weather.Ordered) foreach (var (host, _) in _wics) Order(host, TimeSpan.FromSeconds(40));
        else if (weather == Weather.Stormy) GoWrong();
    }

    public World World { get; }

    public Facts Facts { get; }

    public int Wics => _wics.Count;

    public long StaleNonces => _turn.StaleNonces;

    /// <summary>Runs to the end and looks at what is left.</summary>
    public Scenario Run()
    {
        World.RunFor(TimeSpan.FromSeconds(2200));
        World.Note("scenario", "everybody leaves");
        foreach (var (host, node) in _wics)
        {
            World.At(Seconds(0, 5), $"{host.Name} hangs up", () => host.HangUp(World.Clock(node)));
            World.At(Seconds(60, 70), $"{host.Name} leaves", () => host.Leave(World.Clock(node)));
        }

        World.RunFor(TimeSpan.FromSeconds(200));
        // A relay whose release got lost ends with its lifetime: at most 3600 s, asked for 600 s.
        World.RunFor(TimeSpan.FromSeconds(3700));
        World.Law(Laws.NothingLeft, () =>
            _turn.Ledger.PortsHeld == 0 && _turn.Sockets.Count == 0 && _turn.OpenQuestions == 0 && _core.OpenQuestions == 0
            && _edge.OpenQuestions == 0 && !_outside.Known.Any()
            && _turn.Ledger.Sessions().Length == 0 && _wics.TrueForAll(w => w.Host.IsIdle)
            && World.Nodes.All(IsWithoutDeadline));
        World.RunFor(TimeSpan.Zero);
        return this;
    }

    bool IsWithoutDeadline(NodeRef node)
    {
        if (World.DeadlineOf(node) is not { } due) return true;
        World.Note(node.Name, $"still waits for {due}");
        return false;
    }

    void DeclareLaws()
    {
        string[] observed =
        [
            Laws.CredentialPlaces, Laws.NothingOnMw, Laws.AssertedIdentity, Laws.NoAuthorization, Laws.NoInviteAfterwards,
            Laws.OnlyPartners, Laws.ContentIntact, Laws.AskOrAct, Laws.PushedLives,
        ];
        foreach (var law in observed) World.Law(law, () => Facts.Holds(law));
        World.Law(Laws.OneAllocationAPort, () => Judge() && _socketsHold && Facts.Holds(Laws.OneAllocationAPort));
        World.Law(Laws.EndedByCore, () => _edge.HasEndedAllOf(World.Now + TimeSpan.FromSeconds(-60)));
        World.Law(Laws.OneWorker, () => _workersHold);
        World.Law(Laws.OnlyMintedUsers, () => _usersHold && Facts.Holds(Laws.OnlyMintedUsers));
        World.Law(Laws.Quota, () => _quotaHolds);
    }

    /// <summary>Looks at ledger and sockets, if the relay host had an input since it was last looked at.</summary>
    bool Judge()
    {
        if (_judged == _turn.Version) return true;
        _judged = _turn.Version;
        var sessions = _turn.Ledger.Sessions();
        _socketsHold = sessions.Length == _turn.Sockets.Count
            && Array.TrueForAll(sessions, s => _turn.Sockets.TryGetValue(s.Relayed.Port, out var relay) && relay == s.Relay);
        _workersHold = Array.TrueForAll(sessions, s => s.Relay.Worker.Value == _turn.WorkerOf(s.Client.Client));
        _usersHold = Array.TrueForAll(sessions, s =>
            s.Subject is { Kind: CredentialKind.TimeLimited or CredentialKind.Pushed, Name: var name }
            && Facts.Minted.Contains(name.ToString()));
        _quotaHolds = sessions.GroupBy(s => s.Subject).All(g => g.Count() <= UserQuota);
        return true;
    }

    /// <summary>The people's plans: register, call there and back, leave. The last one is greedy and stays.</summary>
    void Plan()
    {
        foreach (var (host, node) in _wics)
            World.At(Seconds(0, 3), $"{host.Name} registers", () => host.Register(World.Clock(node)));
        var pairs = (_wics.Count - 1) / 2;
        for (var i = 0; i < pairs; i++)
        {
            var (one, two) = (_wics[2 * i], _wics[(2 * i) + 1]);
            if (i == 0)
            {
                // 35 minutes, over refreshes of everything; some outlive their credential.
                PlanCall(one, two, Seconds(8, 20), 50, TimeSpan.FromSeconds(42));
                continue;
            }

            PlanCall(one, two, Seconds(8, 20), 10 + _chance.Next(15), Milliseconds(200, 1200));
            PlanCall(two, one, Seconds(70, 90), 10 + _chance.Next(15), Milliseconds(200, 1200));
            World.At(Seconds(30, 60), $"{one.Host.Name} writes", () => one.Host.Write(World.Clock(one.Ref), two.Host));
            foreach (var (host, node) in new[] { one, two })
                World.At(Seconds(150, 180), $"{host.Name} leaves", () => host.Leave(World.Clock(node)));
        }

        var (greedy, greedyRef) = _wics[^1];
        World.At(Seconds(10, 20), $"{greedy.Name} hoards", () => greedy.Hoard(World.Clock(greedyRef), UserQuota + 2));
        World.At(Seconds(50, 60), $"{greedy.Name} releases", () => greedy.ReleaseAll(World.Clock(greedyRef)));
        World.At(Seconds(240, 260), $"{greedy.Name} knocks", () => greedy.Knock(World.Clock(greedyRef), _wics[2].Host));
        for (var i = 0; i < 3; i++) World.At(Seconds(5, 150), "intruder sprays", () => _intruder.Spray(_turn.Sockets.Keys));
        World.At(Seconds(10, 100), "intruder guesses", () =>
        {
            _intruder.TryName(World.Now, "1999999999:0123456789ab", "guess");
            _intruder.TryName(World.Now, "mallory", "mallory");
            if (greedy.Credential is { } seen) _intruder.TryName(World.Now, seen.Username, "guess");
        });
    }

    void PlanCall((WicHost Host, NodeRef Ref) from, (WicHost Host, NodeRef Ref) to, TimeSpan at, int datagrams, TimeSpan interval)
    {
        var (caller, node) = from;
        World.At(at, $"{caller.Name} calls {to.Host.Name}", () => caller.Call(World.Clock(node), to.Host, datagrams, interval));
    }

    void Order(WicHost host, TimeSpan at)
    {
        World.At(at, $"the core deregisters {host.Name}", () =>
        {
            if (!_core.Deregister(World.Clock(_coreRef), host.Identity.AddressOfRecord)) return;
            Facts.EndedByCore++;
            _edge.EndedByCore(World.Now, host.Identity.AddressOfRecord);
        });
    }

    void LoseWebSockets(TimeSpan at)
    {
        var back = at + TimeSpan.FromSeconds(5);
        foreach (var (host, node) in _wics)
        {
            World.At(at, $"{host.Name} loses the edge", () => World.Cut(_edgeRef, node, Seconds(0, 8), Seconds(0, 3)));
            World.At(back, $"{host.Name} reaches the edge again", () => World.Link(_edgeRef, node, Access()));
        }
    }

    /// <summary>Faults, each in its share of the seeds.</summary>
    void GoWrong()
    {
        if (_chance.Chance(0.5))
        {
            var (host, node) = _wics[_chance.Next(_wics.Count)];
            var (shape, lost) = (Access(), Seconds(5, 200));
            // The edge may learn of it late; a WIC comes back within its grace or after it.
            World.At(lost, $"{host.Name} loses its network", () => World.Cut(_edgeRef, node, Seconds(0, 8), TimeSpan.Zero));
            World.At(lost + Seconds(1, 60), $"{host.Name} has a network again", () => World.Link(_edgeRef, node, shape));
        }

        if (_chance.Chance(0.1)) LoseWebSockets(Seconds(5, 200));
        foreach (var (host, _) in _wics)
            if (_plant == Plant.DeafEdge || _chance.Chance(0.05)) Order(host, Seconds(5, 200));
        if (_chance.Chance(0.1)) World.At(Seconds(5, 200), "the edge restarts", _edge.Restart);
        if (_chance.Chance(0.1)) World.At(Seconds(5, 200), "the core restarts", _core.Restart);

        if (_chance.Chance(0.3))
        {
            var (host, node) = _wics[_chance.Next(_wics.Count)];
            var (shape, lost) = (Access(), Seconds(5, 200));
            World.At(lost, $"{host.Name} cannot reach its relay", () => World.Cut(_turnRef, node, TimeSpan.Zero, TimeSpan.Zero));
            World.At(lost + Seconds(1, 45), $"{host.Name} reaches its relay again", () => World.Link(_turnRef, node, shape));
        }

        if (_chance.Chance(0.3))
        {
            var fast = new LinkShape { Delay = Milliseconds(1, 10) };
            var slow = new LinkShape { Delay = Milliseconds(500, 4000) };
            World.At(Seconds(0, 90), "the core is slow", () => World.Link(_edgeRef, _coreRef, slow));
            World.At(Seconds(91, 110), "the core is quick", () => World.Link(_edgeRef, _coreRef, fast));
        }

        if (_chance.Chance(0.3))
        {
            World.At(Seconds(0, 60), "subscribers are answered late", () => _core.Slowness = Milliseconds(500, 7000));
            World.At(Seconds(61, 90), "subscribers are answered at once", () => _core.Slowness = TimeSpan.Zero);
        }

        if (_chance.Chance(0.3)) _edge.Slowness = Milliseconds(10, 700);
        if (_chance.Chance(0.3)) _edge.Lost = 0.1;
        if (_chance.Chance(0.4)) _turn.Taken = 0.3;
        if (_chance.Chance(0.1)) _turn.Refused = 0.1;
        if (_chance.Chance(0.3)) _turn.Slowness = Milliseconds(100, 2500);
        if (_chance.Chance(0.3)) World.At(Seconds(5, 300), "a clock is set", () => World.SetWallSkew(_turnRef, Skew(60)));
        if (_chance.Chance(0.3)) World.At(Seconds(5, 300), "a clock is set", () => World.SetWallSkew(_edgeRef, Skew(60)));
        for (var i = _chance.Next(4); i > 0; i--)
            World.At(Seconds(5, 1500), "nonce keys are rotated", () => _turn.RotateNonces(World.Clock(_turnRef)));
    }

    RelayHost NewRelayHost(SharedSecret secret)
    {
        var settings = new TurnSettings
        {
            Realm = Domain,
            Relays = [new RelayAddress(TurnListener.WithPort(0))],
            RelayPorts = new PortRange(50_000, 50_063),
            OwnListeners = [TurnListener],
            // Worlds are many, and their clients few.
            Unauthenticated = new() { Sources = 256 },
            UserQuota = _plant == Plant.NoQuota ? 50 : UserQuota,
            NonceLifetime = TimeSpan.FromSeconds(60 + _chance.Next(600)),
        };
        StaticUser[] users = _plant == Plant.UnmintedUser ? [new("mallory", "mallory")] : [];
        var verifier = new CredentialVerifier(
            new() { Realm = Domain, Users = [.. users], Secrets = [secret], Pushed = _outside });
        return new RelayHost(TurnListener, settings, verifier, _chance.Fork(), Facts) { Plant = _plant };
    }

    CoreHost NewCore()
    {
        var settings = new CscfSettings { HomeDomain = Domain, Host = "core.ims.example.net", NonceKey = Key() };
        return new CoreHost(CoreMw, settings, _chance.Fork(), Facts);
    }

    EdgeHost NewEdge(SharedSecret secret)
    {
        var block = IdentityBlock.Parse($"sip:wic!.*!@{Domain}");
        var settings = new EdgeSettings
        {
            HomeDomain = Domain,
            Host = "edge.ims.example.net",
            TokenKey = Key(),
            Tokens = new()
            {
                Wafs = [new() { Issuer = Waf, WebServers = [new(WebServer, block)] }],
                Recheck = _chance.Chance(0.3) ? TimeSpan.FromMinutes(5) : null,
            },
        };
        var sites = new TurnSites([new("turn", Domain, new TurnUri(false, "11.0.0.1", RelayHost.Port, "udp"))]);
        var (shards, pushes, random) = (1 + _chance.Next(2), _chance.Chance(0.5), _chance.Fork());
        return new EdgeHost(EdgeMw, CoreMw, shards, settings, Provisioning, _outside, _chance.Fork(), Facts) { Plant = _plant };

        IProvisioning Provisioning() =>
            pushes ? new PushProvisioning(sites, random) : new SharedSecretProvisioning([new(secret)], sites);
    }

    void AddWic(int number)
    {
        var name = $"wic{number}";
        var identity = SipUri.Parse($"sip:{name}@{Domain}");
        var impi = $"{name}@{Domain}";
        var settings = new UserAgentSettings
        {
            Identity = identity,
            PrivateIdentity = impi,
            Password = $"password of {name}",
            Expires = TimeSpan.FromSeconds(_chance.Chance(0.5) ? 600 : 3600),
        };
        DigestAlgorithm[] offered = _chance.Chance(0.5) ? [DigestAlgorithm.Sha256, DigestAlgorithm.Md5] : [DigestAlgorithm.Md5];
        DigestSecret[] secrets = [.. offered.Select(a => DigestSecret.Of(a, impi, Domain, settings.Password))];
        _core.Provision(new Subscriber(impi, [identity.ToString()], secrets));
        var address = TransportAddress.IPv4(0x0C000001 + (uint)number, 0);
        var plan = new WicPlan(
            name, settings, Rfc5389Only: _chance.Chance(0.4), Channels: _chance.Chance(0.5), ShowsTokens: _chance.Chance(0.4));
        var host = new WicHost(plan, address, EdgeW2, TurnListener, _chance.Fork(), Facts);
        var node = World.Add(name, host, address, Skew(300));
        World.Link(node, _edgeRef, Access());
        World.Link(node, _turnRef, Access());
        _wics.Add((host, node));
    }

    /// <summary>A WIC's access network.</summary>
    LinkShape Access() => new()
    {
        Delay = Milliseconds(5, 80),
        Jitter = Milliseconds(0, 30),
        Loss = _calm ? 0 : _chance.Next(50) / 1000.0,
        Duplicates = _chance.Chance(0.3) ? 0.02 : 0,
        Reordering = _chance.Chance(0.3) ? 0.05 : 0,
        BitsPerSecond = _chance.Chance(0.3) ? 1_000_000 : 0,
    };

    Bytes Key()
    {
        Span<byte> key = stackalloc byte[32];
        _chance.Fill(key);
        return Bytes.Copy(key);
    }

    TimeSpan Seconds(int from, int to) => TimeSpan.FromSeconds(from) + _chance.Within(TimeSpan.FromSeconds(to - from));

    TimeSpan Milliseconds(int from, int to) =>
        TimeSpan.FromMilliseconds(from) + _chance.Within(TimeSpan.FromMilliseconds(to - from));

    TimeSpan Skew(int seconds) => TimeSpan.FromSeconds(_chance.Next((2 * seconds) + 1) - seconds);
}
