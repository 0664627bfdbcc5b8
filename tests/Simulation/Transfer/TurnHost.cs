using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>One TURN server: its table, and the relays that run on what is in it.</summary>
sealed class TurnHost(
    int number, TransportAddress address, Post post, SeededRandom random, TransferFacts facts, TransferPlant plant)
    : INode
{
    public const string Edge = "edge";

    readonly Queue<Parcel> _leaving = new();
    readonly Deadlines<int> _heldUntil = new();
    readonly Dictionary<int, Parcel> _held = [];
    readonly Dictionary<string, int> _newest = [];
    readonly Dictionary<string, string> _relays = [];
    PushedCredentials _table = new(TransferWorld.Realm, random);
    ulong? _only;
    readonly HashSet<string> _heard = [];
    readonly Dictionary<string, long> _denied = [];
    readonly HashSet<string> _free = [];
    readonly Dictionary<string, long> _acknowledged = [];
    int _lastHeld;

    public int Number => number;

    public string Name => $"turn{number}";

    public TransportAddress Address => address;

    /// <summary>Times that it began anew.</summary>
    public int Restarts { get; private set; }

    /// <summary>Share of pushes that are held back on their way, and for how long at most.</summary>
    public (double Share, TimeSpan Span) HoldsBack { get; set; }

    /// <summary>What this server reads on its clocks.</summary>
    public Func<Instant> Clock { get; set; } = () => default;

    public Instant? NextDeadline => Instant.Earliest(_table.NextDeadline, _heldUntil.Next);

    public PushedCredential? Find(Instant now, string username) =>
        _table.TryFind(now, Encoding.UTF8.GetBytes(username), out PushedCredential? credential) ? credential : null;

    /// <summary>All that is good here.</summary>
    public IEnumerable<PushedCredential> Known(Instant now) => _heard.Select(name => Find(now, name)).OfType<PushedCredential>();

    /// <summary>A client allocates.</summary>
    public void Allocate(Instant now, string username)
    {
        if (Find(now, username) is not { Registration: var registration }) return;
        _relays[username] = registration;
        facts.Relays++;
    }

    /// <summary>A client allocates with a credential that no server was told of.</summary>
    public void AllocateFreely(Instant now, string id, long expires)
    {
        if (Accepts(now, id, expires) && _free.Add(id)) facts.Relays++;
    }

    /// <summary>Whether a credential that no server was told of would be taken.</summary>
    public bool Accepts(Instant now, string id, long expires) =>
        now.UnixSeconds < expires && now.UnixSeconds >= _denied.GetValueOrDefault(id);

    public bool Runs(string id) => _free.Contains(id);

    /// <summary>The process ends and is started again: nothing is known and nothing runs.</summary>
    public void Restart()
    {
        Restarts++;
        (_table, _only) = (new(TransferWorld.Realm, random), null);
        _newest.Clear();
        _relays.Clear();
        _denied.Clear();
        _free.Clear();
        _acknowledged.Clear();
        facts.TurnRestarts++;
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (post.Open(parcel.Bytes) is Letter.Put && random.Chance(HoldsBack.Share))
        {
            _held[++_lastHeld] = parcel;
            _heldUntil.Set(_lastHeld, now + random.Within(HoldsBack.Span));
        }
        else
        {
            Read(now, parcel);
        }
    }

    public void OnDeadline(Instant now)
    {
        List<string> ended = [];
        while (_heldUntil.TryPop(now, out var held))
            if (_held.Remove(held, out var parcel)) Read(now, parcel);
        _table.OnDeadline(now, ended);
        Cut(ended);
        Look(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void Read(Instant now, in Parcel parcel)
    {
        var letter = post.Open(parcel.Bytes);
        List<string> ended = [];
        TransferAnswer answer = letter switch
        {
            Letter.GetEpoch => new TransferAnswer.IsAt(Tell(_table.EpochOf(Edge))),
            Letter.Put put => Put(now, put, ended),
            Letter.Delete delete => Delete(now, delete, ended),
            Letter.Revoke revoke => Revoke(revoke),
            Letter.Sync sync => Sync(now, sync, ended),
            _ => throw new InvalidOperationException(),
        };
        Cut(ended);
        Look(now);
        _leaving.Enqueue(Parcel.Datagram(address, parcel.From, post.Send(new Letter.Answer(letter.Life, letter.Id, answer))));
    }

    TransferAnswer Put(Instant now, Letter.Put put, List<string> ended)
    {
        ulong? epoch = plant == TransferPlant.IgnoresEpoch ? null : Hear(put.Epoch);
        var verdict = _table.Put(now, Edge, put.Credential, epoch, ended);
        if (verdict.Result == PushResult.Older) facts.OlderHeard++;
        var newest = _newest.GetValueOrDefault(put.Credential.Username);
        if (verdict.Result == PushResult.Kept && newest == TransferWorld.VersionOf(put.Credential)) facts.Repeated++;
        if (verdict.Result == PushResult.WrongEpoch) facts.WrongEpochs++;
        if (verdict.Result == PushResult.Expired) facts.RefusedByClock++;
        var known = Find(now, put.Credential.Username) is not null;
        if (verdict.Result == PushResult.Older
            && plant == (known ? TransferPlant.LastComesFirst : TransferPlant.ForgetsWithdrawals))
            verdict = _table.Put(now, Edge, put.Credential with { Sequence = verdict.Sequence + 1 }, null, ended);
        Judge(now, put.Credential.Username);
        return verdict.Result is PushResult.Created or PushResult.Kept ? new TransferAnswer.Done() : Refusal(verdict);
    }

    TransferAnswer Delete(Instant now, Letter.Delete delete, List<string> ended)
    {
        _table.Delete(now, Edge, delete.Username, delete.Sequence, ended);
        return new TransferAnswer.Done();
    }

    TransferAnswer Revoke(Letter.Revoke revoke)
    {
        facts.RevocationsHeard++;
        if (plant != TransferPlant.DeniesNothing) _denied[revoke.Revoked] = revoke.Expires;
        if (plant != TransferPlant.LetsRevokedRun && _free.Remove(revoke.Revoked)) facts.RelaysRevoked++;
        _acknowledged[revoke.Revoked] = revoke.Expires;
        return new TransferAnswer.Done();
    }

    TransferAnswer Sync(Instant now, Letter.Sync sync, List<string> ended)
    {
        var epoch = plant == TransferPlant.IgnoresEpoch ? _table.EpochOf(Edge) : Hear(sync.Epoch);
        var set = plant == TransferPlant.LosesOneOfASet && sync.Set.Length > 0 ? sync.Set[1..] : sync.Set;
        List<string> refused = [];
        var verdict = _table.Sync(now, Edge, sync.Sequence, set, epoch, ended, refused);
        foreach (var credential in set) Judge(now, credential.Username);
        if (verdict.Result == PushResult.WrongEpoch) facts.WrongEpochs++;
        if (verdict.Result != PushResult.Kept) return Refusal(verdict);
        facts.Sets++;
        return new TransferAnswer.Synchronised(Tell(verdict.Epoch), refused);
    }

    TransferAnswer Refusal(PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Older => new TransferAnswer.Older(verdict.Sequence),
        PushResult.WrongEpoch => new TransferAnswer.WrongEpoch(),
        PushResult.Full => new TransferAnswer.Full(),
        _ => new TransferAnswer.Refused(),
    };

    /// <summary>The epoch as the edge hears of it.</summary>
    ulong Tell(ulong epoch) => plant == TransferPlant.KeepsItsEpoch ? _only ??= epoch : epoch;

    ulong Hear(ulong epoch) => plant == TransferPlant.KeepsItsEpoch && epoch == _only ? _table.EpochOf(Edge) : epoch;

    void Cut(List<string> ended)
    {
        if (plant == TransferPlant.LetsRelaysRun) return;
        foreach (var username in _relays.Where(relay => ended.Contains(relay.Value)).Select(relay => relay.Key).ToList())
        {
            _relays.Remove(username);
            facts.RelaysCut++;
        }
    }

    /// <summary>What a statement left of its username.</summary>
    void Judge(Instant now, string username)
    {
        _heard.Add(username);
        if (Find(now, username) is not { } known) return;
        if (facts.Gone.Contains((number, username)))
            facts.Break(TransferLaws.NeverAgain, Name, $"{username} is good again");
        var version = TransferWorld.VersionOf(known);
        if (version < _newest.GetValueOrDefault(username)) facts.Break(TransferLaws.NewerHolds, Name, $"{username} {version}");
        _newest[username] = version;
    }

    void Look(Instant now)
    {
        foreach (var (id, expires) in _acknowledged)
        {
            if (Accepts(now, id, expires)) facts.Break(TransferLaws.DeniedIsDenied, Name, id);
            if (Runs(id)) facts.Break(TransferLaws.NoRelayOfRevoked, Name, id);
        }

        foreach (var username in _relays.Keys)
            if (Find(now, username) is null) facts.Break(TransferLaws.NoRelayWithout, Name, username);
    }
}
