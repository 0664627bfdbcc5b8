using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>
/// One edge, three TURN servers, forty registrations that come, renew and go within a minute, relays that run on them, and one
/// kind of trouble, drawn from a seed.
/// </summary>
sealed class TransferWorld
{
    public const string Realm = "ims.example.net";

    const int Registrations = 40;

    /// <summary>With credentials that no server is told of when they are given.</summary>
    const int Untold = 12;

    static readonly TransportAddress EdgeAddress = TransportAddress.IPv4(0x0D000001, 443);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>For what was lost at last to be told again, and for letters that were held back.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    readonly SeededRandom _chance;
    readonly Trouble _trouble;
    readonly TransferPlant _plant;
    readonly TurnHost[] _servers;
    readonly NodeRef[] _serverRefs;
    readonly EdgeProcess _edge;
    readonly NodeRef _edgeRef;

    public TransferWorld(ulong seed, Trouble trouble, TransferPlant plant = TransferPlant.None)
    {
        World = new World(seed, $"SEED={seed} TROUBLE={trouble} ./test sim");
        Facts = new(World);
        (_chance, _trouble, _plant) = (World.Chance, trouble, plant);
        var post = new Post();
        _servers = [.. Enumerable.Range(0, 3).Select(i => new TurnHost(
            i, TransportAddress.IPv4(0x0B000001 + (uint)i, 8446), post, _chance.Fork(), Facts, plant))];
        _serverRefs = [.. _servers.Select(server => World.Add(server.Name, server, server.Address))];
        foreach (var server in _servers) server.Clock = () => World.Clock(_serverRefs[server.Number]);
        _edge = new(EdgeAddress, _servers, post, _chance.Fork(), Facts, plant);
        _edgeRef = World.Add("edge", _edge, EdgeAddress);
        foreach (var server in _serverRefs) World.Link(_edgeRef, server, Link);
        string[] laws =
        [
            TransferLaws.AcknowledgedIsKnown, TransferLaws.NeverAgain, TransferLaws.NewerHolds, TransferLaws.NoRelayWithout,
            TransferLaws.DeniedIsDenied, TransferLaws.NoRelayOfRevoked, TransferLaws.RevokedInTime,
        ];
        foreach (var law in laws) World.Law(law, () => Facts.Holds(law));
    }

    public World World { get; }

    public TransferFacts Facts { get; }

    bool Everything => _trouble == Trouble.Everything;

    LinkShape Link => new()
    {
        Delay = TimeSpan.FromMilliseconds(1 + _chance.Next(20)),
        Jitter = _trouble switch
        {
            Trouble.PushesReordered => TimeSpan.FromMilliseconds(150),
            Trouble.Everything => TimeSpan.FromMilliseconds(300),
            _ => TimeSpan.FromMilliseconds(2),
        },
        Loss = _trouble == Trouble.PushesLost ? 0.3 : Everything ? 0.1 : 0,
        Duplicates = _trouble == Trouble.PushesDoubled ? 0.8 : Everything ? 0.3 : 0,
        Reordering = _trouble == Trouble.PushesReordered ? 0.7 : Everything ? 0.3 : 0,
    };

    /// <summary>A version stands in its keys: what a relay would notice.</summary>
    public static PushedCredential Credential(string username, int version, long expires)
    {
        var key = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, version);
        return new(Realm, username, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)),
            LongTermKey.From(PasswordAlgorithm.Sha256, key), expires, $"reg-{username}", 0, CredentialLimits.None);
    }

    public static int VersionOf(PushedCredential credential) => BinaryPrimitives.ReadInt32BigEndian(credential.KeyMd5.Span);

    public TransferWorld Run()
    {
        GoWrong();
        // The servers are found first.
        World.RunFor(TimeSpan.FromSeconds(2));
        for (var i = 0; i < Registrations; i++) Live($"u{i}x{_chance.NextToken(8)}");
        for (var i = 0; i < Untold; i++) LiveUntold($"a{i}x{_chance.NextToken(8)}");
        World.RunFor(Minute + TimeSpan.FromSeconds(1));
        World.Note("world", "the trouble is over");
        foreach (var server in _servers) server.HoldsBack = default;
        _edge.WithdrawalsLost = 0;
        foreach (var server in _serverRefs)
        {
            World.Link(_edgeRef, server, LinkShape.Perfect);
            World.Start(server);
        }

        World.RunFor(Quiet);
        World.Law(TransferLaws.RevokedAtLast, () => _edge.Revoked.All(one => _servers.All(server => IsOver(server, one))));
        World.Law(TransferLaws.InStep, () => _edge.Withdrawing == 0 && _servers.All(IsInStep));
        // What is still held back from earlier lives comes now, and changes nothing.
        World.RunFor(_trouble is Trouble.Everything or Trouble.WithdrawalsOvertake ? Quiet : TimeSpan.Zero);
        return this;
    }

    void Live(string username)
    {
        var (begin, end) = (_chance.Within(Minute), _chance.Within(Minute));
        if (end < begin) (begin, end) = (end, begin);
        var ttl = _chance.Chance(0.3) ? 20 + _chance.Next(20) : 600;
        World.At(begin, $"{username} registers", () => _edge.Push(World.Clock(_edgeRef), username, ttl));
        for (var renewals = _chance.Next(3); renewals > 0; renewals--)
            World.At(Between(begin, end), $"{username} renews", () => _edge.Push(World.Clock(_edgeRef), username, ttl));
        for (var again = _chance.Next(3); again > 0; again--)
            World.At(Between(begin, end), $"{username} asks again", () => _edge.PushAgain(World.Clock(_edgeRef), username));
        for (var calls = 2; calls > 0; calls--)
        {
            var server = _chance.Next(_servers.Length);
            World.At(Between(begin, end), $"{username} calls", () =>
            {
                if (_serverRefs[server].Running) _servers[server].Allocate(World.Clock(_serverRefs[server]), username);
            });
        }

        if (_chance.Chance(0.7)) World.At(end, $"{username} leaves", () => _edge.Withdraw(World.Clock(_edgeRef), username));
    }

    /// <summary>A registration by Approach 1 or with a token: servers hear of its end alone.</summary>
    void LiveUntold(string id)
    {
        var (begin, end) = (_chance.Within(Minute), _chance.Within(Minute));
        if (end < begin) (begin, end) = (end, begin);
        long expires = 0;
        var process = 0;
        World.At(begin, $"{id} registers", () => (expires, process) = (World.Clock(_edgeRef).UnixSeconds + 600, Facts.EdgeRestarts));
        for (var calls = 3; calls > 0; calls--)
        {
            // Also with what it should have forgotten when it left.
            var server = _chance.Next(_servers.Length);
            World.At(Between(begin, Minute), $"{id} calls", () =>
            {
                if (_serverRefs[server].Running) _servers[server].AllocateFreely(World.Clock(_serverRefs[server]), id, expires);
            });
        }

        var late = _plant == TransferPlant.RevokesLate ? TimeSpan.FromSeconds(5) : TimeSpan.Zero;
        World.At(end + late, $"{id} leaves", () =>
        {
            // An edge that began anew does not know of it: what it gave before runs for its ttl.
            if (process == Facts.EdgeRestarts) _edge.Revoke(World.Clock(_edgeRef), id, expires);
        });
        if (_trouble != Trouble.Calm) return;
        World.At(end + TimeSpan.FromSeconds(2), $"{id} should be over", () =>
        {
            if (!_servers.All(server => IsOver(server, new(id, expires)))) Facts.Break(TransferLaws.RevokedInTime, "edge", id);
        });
    }

    bool IsOver(TurnHost server, KeyValuePair<string, long> revoked) =>
        !server.Runs(revoked.Key) && !server.Accepts(World.Clock(_serverRefs[server.Number]), revoked.Key, revoked.Value);

    void GoWrong()
    {
        if (Everything || _trouble == Trouble.OneOfThreeDown)
        {
            World.At(TimeSpan.FromSeconds(10), "turn1 is down", () => World.Stop(_serverRefs[1]));
            World.At(TimeSpan.FromSeconds(30), "turn1 is back", () => World.Start(_serverRefs[1]));
        }

        if (Everything || _trouble == Trouble.EdgeRestarts)
            for (var i = 0; i < 2; i++) World.At(_chance.Within(Minute), "the edge begins anew", _edge.Restart);
        if (Everything || _trouble == Trouble.TurnRestarts)
            for (var i = 0; i < 4; i++)
            {
                var server = _servers[_chance.Next(_servers.Length)];
                World.At(_chance.Within(Minute), $"{server.Name} begins anew", server.Restart);
            }

        if (Everything || _trouble == Trouble.WithdrawalsLost) _edge.WithdrawalsLost = 0.7;
        foreach (var server in _servers)
            server.HoldsBack = _trouble switch
            {
                Trouble.PushesLate => (0.3, TimeSpan.FromSeconds(2)),
                Trouble.PushesReordered => (0.3, TimeSpan.FromSeconds(6)),
                Trouble.WithdrawalsOvertake => (0.7, TimeSpan.FromSeconds(20)),
                Trouble.Everything => (0.2, TimeSpan.FromSeconds(40)),
                _ => default,
            };
        if (!Everything && _trouble != Trouble.ClocksDiffer) return;
        World.SetWallSkew(_serverRefs[0], TimeSpan.FromSeconds(-600 + _chance.Next(1200)));
        World.SetWallSkew(_serverRefs[1], TimeSpan.FromHours(2));
        World.At(_chance.Within(Minute), "the edge begins anew, its clock behind", () =>
        {
            World.SetWallSkew(_edgeRef, TimeSpan.FromSeconds(-_chance.Next(300)));
            _edge.Restart();
        });
    }

    bool IsInStep(TurnHost server)
    {
        var (mine, its) = (World.Clock(_edgeRef), World.Clock(_serverRefs[server.Number]));
        var set = _edge.Credentials.ToDictionary(credential => credential.Username);
        foreach (var credential in set.Values)
            if (credential.Expires > its.UnixSeconds && credential.Expires > mine.UnixSeconds
                && (server.Find(its, credential.Username) is not { } known || VersionOf(known) != VersionOf(credential)))
                return Not(server, $"{credential.Username}, which it should know");
        foreach (var known in server.Known(its))
            if (known.Expires > mine.UnixSeconds && !set.ContainsKey(known.Username))
                return Not(server, $"{known.Username}, which it should not know");
        return true;
    }

    bool Not(TurnHost server, string how)
    {
        World.Note(server.Name, $"differs in {how}");
        return false;
    }

    TimeSpan Between(TimeSpan begin, TimeSpan end) => begin + _chance.Within(end - begin);
}
