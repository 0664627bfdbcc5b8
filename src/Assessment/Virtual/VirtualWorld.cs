using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Turn;
using Scenario = Portunus.Assessment.Study.RegistrationScenario;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// The study's system in virtual time, with one callee and one caller after the other; the network begins to be as the cell has it
/// when all are there.
/// </summary>
sealed class VirtualWorld : IDisposable
{
    /// <summary>A client that takes longer has failed, as over sockets.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Edge and TURN server have found each other, and the callee is registered.</summary>
    static readonly TimeSpan Setup = TimeSpan.FromSeconds(2);

    /// <summary>Between two clients, by chance, since edges poll by the second.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Before a client where the edge polls the TURN server: one that lost a poll does not name it, and a client meets
    /// that.</summary>
    static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(3);

    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    readonly World _world;
    readonly VirtualKeys _keys;
    readonly List<CallerHost> _callers = [];
    readonly Dictionary<string, CallerHost> _byIdentity = [];
    readonly List<(NodeRef A, NodeRef B, string Link)> _links = [];
    readonly Network _network;
    readonly CalleeHost _callee;
    readonly NodeRef _calleeRef;
    readonly List<NodeRef> _callerRefs = [];
    readonly IReadOnlyList<VirtualClient> _clients;
    readonly TimeSpan _leadIn;

    /// <param name="way">How clients get their credential.</param>
    /// <param name="scenario">How they register.</param>
    /// <param name="network">Of all links.</param>
    /// <param name="steps">What HTTPS costs.</param>
    /// <param name="clients">The callers.</param>
    /// <param name="seed">All chance but their losses.</param>
    public VirtualWorld(
        Way way, RegistrationScenario scenario, Network network, MeasuredSteps steps, IReadOnlyList<VirtualClient> clients, ulong seed)
    {
        (_network, _world, _clients) = (network, new(seed), clients);
        _leadIn = way.Solution == "A2" ? LeadIn : TimeSpan.Zero;
        var chance = _world.Chance;
        _keys = new(way, chance.Fork());
        var letters = new Letters();
        // The callee is the last.
        int[] users = [.. Enumerable.Range(0, clients.Count + 1)];
        var turn = _world.Add("turn", Turn(users, letters), Address.Turn);
        var edge = _world.Add("edge", Edge(way, users, letters), Address.EdgeW2);
        var core = _world.Add("core", Core(users), Address.Core);
        var waf = _world.Add("waf", new WebHost(null, default), Address.Waf);
        var site = _world.Add("wwsf", new WebHost(Address.WwsfSite, Address.Waf), Address.Wwsf);
        _links.AddRange(
        [
            (edge, core, LinkName.Mw), (edge, turn, TransferLink(way)), (site, waf, LinkName.Site),
        ]);

        var callee = clients.Count;
        _callee = new(
            _keys.Agent(scenario, callee), now => way.Solution == "OAuth" ? new() { Token = _keys.Issue(now) } : _keys.Own(callee),
            steps, OnHeard, Address.Client(callee), chance.Fork());
        _calleeRef = _world.Add("callee", _callee, Address.Client(callee));
        _links.AddRange([(_calleeRef, edge, LinkName.W2), (_calleeRef, turn, LinkName.Stun)]);
        for (var i = 0; i < clients.Count; i++)
        {
            var plan = new CallerPlan(way, _keys.Own(i), VirtualKeys.Identity(scenario, callee), steps, clients[i].Service);
            var caller = new CallerHost(plan, _keys, _keys.Agent(scenario, i), Address.Client(i), chance.Fork());
            var node = _world.Add($"caller{i}", caller, Address.Client(i));
            _callers.Add(caller);
            _byIdentity.Add(VirtualKeys.Identity(scenario, i).AddressOfRecord, caller);
            _callerRefs.Add(node);
            _links.AddRange(
            [
                (node, edge, LinkName.W2), (node, turn, LinkName.Stun), (node, waf, LinkName.Waf), (node, site, LinkName.W1),
            ]);
        }
    }

    /// <summary>Losses that might have been, from the lead-in of a caller to its end.</summary>
    public long LossDraws { get; private set; }

    /// <summary>Equal for two runs in which the same things happened.</summary>
    public ulong Hash => _world.Hash;

    /// <summary>Lets the callers live, one after the other.</summary>
    /// <returns>All of them, in their order.</returns>
    public IReadOnlyList<CallerHost> Run()
    {
        // Short and without loss, until everybody is there.
        foreach (var (a, b, _) in _links) _world.Link(a, b, new() { Delay = TimeSpan.FromMilliseconds(1) });
        _world.At(TimeSpan.FromSeconds(1), "callee", () => _callee.Begin(_world.Clock(_calleeRef)));
        _world.RunFor(Setup);
        if (!_callee.IsRegistered) throw new InvalidOperationException("In virtual time the callee could not register.");
        foreach (var (a, b, link) in _links) _world.Link(a, b, Shape(_network, link));
        for (var i = 0; i < _callers.Count; i++) Run(_callers[i], _callerRefs[i], _clients[i].LossSeed);
        return _callers;
    }

    public void Dispose() => _keys.Dispose();

    void Run(CallerHost caller, NodeRef node, ulong lossSeed)
    {
        var (pause, before) = (_leadIn + _world.Chance.Within(LongestPause), _world.LossDraws);
        _world.ReseedLinks(lossSeed);
        _world.At(pause, node.Name, () => caller.Begin(_world.Clock(node)));
        for (var waited = -pause; !caller.IsOver && waited < Patience; waited += Step) _world.RunFor(Step);
        LossDraws = _world.LossDraws - before;
        caller.Fail($"There was no media within {Patience.TotalSeconds:0} s.");
    }

    /// <summary>A packet of a caller that is over may still come while the next begins.</summary>
    void OnHeard(Instant now, SipUri from) => _byIdentity[from.AddressOfRecord].OnHeard(now);

    /// <summary>As docs/networks.md has it: the RTO of RFC 6298 for each loss of a segment.</summary>
    static LinkShape Shape(Network network, string link) => new()
    {
        Delay = TimeSpan.FromMilliseconds(network.RttOf(link) / 2),
        Loss = network.Loss,
        SegmentBytes = Links.StreamDirection.Segment,
        Retransmission = Links.LinkChance.Rto,
        LongestRetransmission = Links.LinkChance.LongestRto,
    };

    static string TransferLink(Way way) =>
        way == Way.A2Pull ? LinkName.Fetch : way == Way.A2Integrated ? LinkName.Control : LinkName.Credentials;

    TurnHost Turn(IEnumerable<int> users, Letters letters)
    {
        var settings = new TurnSettings
        {
            Realm = StudySystem.Realm, Relays = [new(Address.Turn.WithPort(0))], StaticUserQuota = 10_000, UserQuota = 1000,
        };
        return new(settings, table => _keys.Sources(table, users), letters, _world.Chance.Fork());
    }

    EdgeHost Edge(Way way, IEnumerable<int> users, Letters letters)
    {
        var settings = new EdgeSettings
        {
            HomeDomain = StudySystem.Realm, Host = $"{Address.EdgeMw}", TokenKey = _keys.Draw(32), CoreTransport = "UDP",
            Tokens = VirtualKeys.Tokens(users),
        };
        var transfer = way.Solution == "A2" ? new CredentialTransfer(new() { Servers = [StudySystem.TurnName] }) : null;
        return new(new(default, settings, _keys.Provisioning(), _world.Chance.Fork()), transfer, _keys.Verify, letters);
    }

    CoreHost Core(IReadOnlyCollection<int> users)
    {
        var settings = new CscfSettings
        {
            HomeDomain = StudySystem.Realm, Host = $"{Address.Core}", Transport = "UDP", NonceKey = _keys.Draw(32),
            BindingsPerIdentity = 100_000,
        };
        return new(settings, _keys.Subscribers(users), _world.Chance.Fork());
    }
}
