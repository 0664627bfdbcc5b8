using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>
/// One edge or two that keep credentials, two TURN servers that ask, thirty registrations that come, call, renew and go within a
/// minute, somebody who guesses names, and one kind of trouble, drawn from a seed.
/// </summary>
sealed class PullWorld
{
    const int Registrations = 30;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    readonly SeededRandom _chance;
    readonly PullTrouble _trouble;
    readonly PullTurn[] _servers;
    readonly NodeRef[] _serverRefs;
    readonly PullEdge[] _edges;
    readonly NodeRef[] _edgeRefs;
    readonly List<PullCall> _last = [];
    uint _clients;

    public PullWorld(ulong seed, PullTrouble trouble, PullPlant plant = PullPlant.None)
    {
        World = new World(seed, $"SEED={seed} TROUBLE={trouble} ./test sim");
        Facts = new(World);
        (_chance, _trouble) = (World.Chance, trouble);
        var post = new Post();
        TransportAddress[] servers = [.. Enumerable.Range(0, 2).Select(i => TransportAddress.IPv4(0x0B000001 + (uint)i, 8446))];
        TransportAddress[] edges =
        [
            .. Enumerable.Range(0, Everything || trouble == PullTrouble.TwoEdges ? 2 : 1)
                .Select(i => TransportAddress.IPv4(0x0D000001 + (uint)i, 8447)),
        ];
        _servers = [.. servers.Select((address, i) => new PullTurn(i, address, edges, post, _chance.Fork(), Facts, plant))];
        _serverRefs = [.. _servers.Select((server, i) => World.Add(server.Name, server, servers[i]))];
        _edges = [.. edges.Select((address, i) => new PullEdge($"edge{i}", address, servers, post, _chance.Fork(), Facts))];
        _edgeRefs = [.. _edges.Select(edge => World.Add(edge.Name, edge, edge.Address))];
        Link(() => new()
        {
            Delay = TimeSpan.FromMilliseconds(1 + _chance.Next(20)),
            Jitter = TimeSpan.FromMilliseconds(Everything ? 100 : 2),
            Loss = _trouble == PullTrouble.AnswersLost ? 0.3 : Everything ? 0.1 : 0,
            Duplicates = Everything ? 0.2 : 0,
        });
        foreach (var law in new[] { PullLaws.KnownIsServed, PullLaws.NeverAgain, PullLaws.QuestionsAreBounded })
            World.Law(law, () => Facts.Holds(law));
    }

    public World World { get; }

    public PullFacts Facts { get; }

    bool Everything => _trouble == PullTrouble.Everything;

    public PullWorld Run()
    {
        GoWrong();
        World.RunFor(TimeSpan.FromSeconds(2));
        for (var i = 0; i < Registrations; i++) Live($"u{i}x{_chance.NextToken(8)}");
        Guess(_chance.Within(Minute / 2), TransportAddress.IPv4(0x0A000001, 0));
        World.RunFor(Minute + TimeSpan.FromSeconds(1));
        World.Note("world", "the trouble is over");
        foreach (var server in _servers) server.HoldsBack = default;
        foreach (var edge in _edges) edge.WithdrawalsLost = 0;
        Link(() => LinkShape.Perfect);
        foreach (var node in _edgeRefs) World.Start(node);
        World.RunFor(Quiet);
        World.At(TimeSpan.Zero, "everybody calls everywhere", () =>
        {
            for (var edge = 0; edge < _edges.Length; edge++)
                foreach (var username in _edges[edge].Live(World.Clock(_edgeRefs[edge])).ToArray())
                    for (var server = 0; server < _servers.Length; server++) _last.Add(Call(server, username));
        });
        World.RunFor(TimeSpan.FromSeconds(2));
        World.Law(PullLaws.InOneQuestion, () => _last.TrueForAll(call => call.IsServed && call.Asked <= 1));
        World.RunFor(TimeSpan.Zero);
        return this;
    }

    void Link(Func<LinkShape> shape)
    {
        foreach (var edge in _edgeRefs)
            foreach (var server in _serverRefs) World.Link(edge, server, shape());
    }

    void Live(string username)
    {
        var (begin, end) = (_chance.Within(Minute), _chance.Within(Minute));
        if (end < begin) (begin, end) = (end, begin);
        var edge = _chance.Next(_edges.Length);
        var ttl = _chance.Chance(0.3) ? 20 + _chance.Next(20) : 600;
        AtEdge(begin, edge, $"{username} registers", now => _edges[edge].Keep(now, username, ttl));
        for (var renewals = _chance.Next(3); renewals > 0; renewals--)
            AtEdge(Between(begin, end), edge, $"{username} renews", now => _edges[edge].Keep(now, username, ttl));
        for (var calls = 3; calls > 0; calls--) CallAt(Between(begin, end), username);
        if (!_chance.Chance(0.7)) return;
        // Just before it leaves and with what it should have forgotten.
        CallAt(end - _chance.Within(TimeSpan.FromMilliseconds(100)), username);
        CallAt(end + _chance.Within(TimeSpan.FromSeconds(3)), username);
        AtEdge(end, edge, $"{username} leaves", now => _edges[edge].Withdraw(now, username));
    }

    /// <summary>Somebody says a hundred names that nobody made, some of them twice.</summary>
    void Guess(TimeSpan begin, TransportAddress source)
    {
        for (var i = 0; i < 120; i++)
        {
            var (name, server) = ($"guess{i * 5 / 6}", i < 100 ? 0 : 1);
            World.At(begin + TimeSpan.FromMilliseconds(30 * i), $"{name} is said", () => Call(server, name, source));
        }
    }

    void CallAt(TimeSpan at, string username)
    {
        var server = _chance.Next(_servers.Length);
        World.At(at < TimeSpan.Zero ? TimeSpan.Zero : at, $"{username} calls", () => Call(server, username));
    }

    PullCall Call(int server, string username, TransportAddress? source = null)
    {
        var number = ++_clients;
        var client = source?.WithPort((ushort)(1024 + number)) ?? TransportAddress.IPv4(0x0C000000 + number, 40000);
        var call = new PullCall(username, client);
        _servers[server].Call(World.Clock(_serverRefs[server]), call);
        return call;
    }

    void AtEdge(TimeSpan at, int edge, string what, Action<Instant> act) => World.At(at, what, () =>
    {
        if (_edgeRefs[edge].Running) act(World.Clock(_edgeRefs[edge]));
    });

    void GoWrong()
    {
        if (Everything || _trouble == PullTrouble.EdgeDown)
        {
            World.At(TimeSpan.FromSeconds(10), "edge0 is down", () => World.Stop(_edgeRefs[0]));
            World.At(TimeSpan.FromSeconds(30), "edge0 is back", () => World.Start(_edgeRefs[0]));
        }

        if (Everything || _trouble == PullTrouble.EdgeRestarts)
            for (var i = 0; i < 3; i++)
            {
                var edge = _edges[_chance.Next(_edges.Length)];
                World.At(_chance.Within(Minute), $"{edge.Name} begins anew", edge.Restart);
            }

        if (Everything || _trouble == PullTrouble.TurnRestarts)
            for (var i = 0; i < 4; i++)
            {
                var server = _servers[_chance.Next(_servers.Length)];
                World.At(_chance.Within(Minute), $"{server.Name} begins anew", server.Restart);
            }

        foreach (var edge in _edges) edge.WithdrawalsLost = Everything ? 0.5 : 0;
        foreach (var server in _servers)
            server.HoldsBack = _trouble switch
            {
                PullTrouble.AnswersLate => (0.4, TimeSpan.FromSeconds(3)),
                PullTrouble.AnswersOvertaken or PullTrouble.EdgeRestarts or PullTrouble.Everything => (0.7, TimeSpan.FromSeconds(0.9)),
                _ => default,
            };
    }

    TimeSpan Between(TimeSpan begin, TimeSpan end) => begin + _chance.Within(end - begin);
}
