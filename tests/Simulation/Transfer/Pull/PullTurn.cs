using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>A TURN server that asks edges: its machine, its table, and what an edge says to it.</summary>
sealed partial class PullTurn : INode
{
    static readonly TurnSettings Settings = new()
    {
        Realm = TransferWorld.Realm,
        Relays = [new(TransportAddress.IPv4(0xC6290004, 0))],
        Unauthenticated = new() { Sources = 256 },
    };

    readonly int _number;
    readonly TransportAddress _address;
    readonly TransportAddress[] _edges;
    readonly Post _post;
    readonly SeededRandom _random;
    readonly PullFacts _facts;
    readonly PullPlant _plant;
    readonly Queue<Parcel> _leaving = new();
    readonly Deadlines<int> _heldUntil = new();
    readonly Dictionary<int, Parcel> _held = [];
    PushedCredentials _table = null!;
    TurnLedger _ledger = null!;
    TurnServer _turn = null!;
    int _life;
    int _lastHeld;

    public PullTurn(
        int number, TransportAddress address, TransportAddress[] edges, Post post, SeededRandom random, PullFacts facts, PullPlant plant)
    {
        (_number, _address, _edges, _post, _random, _facts, _plant) = (number, address, edges, post, random, facts, plant);
        Begin();
    }

    public string Name => $"turn{_number}";

    /// <summary>Share of what edges tell that is held back on its way, and for how long at most.</summary>
    public (double Share, TimeSpan Span) HoldsBack { get; set; }

    public Instant? NextDeadline => Instant.Earliest(_table.NextDeadline, _turn.NextDeadline, _heldUntil.Next, _again.Next);

    /// <summary>The process ends and is started again: nothing is known and nothing runs.</summary>
    public void Restart()
    {
        _facts.Restarts++;
        Begin();
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (_post.Open(parcel.Bytes) is Letter.Told && _random.Chance(HoldsBack.Share))
        {
            _held[++_lastHeld] = parcel;
            _heldUntil.Set(_lastHeld, now + _random.Within(HoldsBack.Span));
        }
        else
        {
            Read(now, parcel);
        }
    }

    public void OnDeadline(Instant now)
    {
        while (_heldUntil.TryPop(now, out var held))
            if (_held.Remove(held, out var parcel)) Read(now, parcel);
        List<string> ended = [];
        _table.OnDeadline(now, ended);
        Cut(now, ended);
        AskAgain(now);
        GiveUp(now);
        while (_turn.NextDeadline <= now) Run(now, _turn.OnDeadline(now, _head));
        Look(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    static string EdgeName(int edge) => $"edge{edge}";

    void Begin()
    {
        _life++;
        _table = new(TransferWorld.Realm, _random);
        _ledger = new(Settings);
        var verifier = new CredentialVerifier(new CredentialSources
        {
            Realm = TransferWorld.Realm,
            Pushed = _plant == PullPlant.AsksAlways ? new Forgetful(_table, () => _searches.Count > 0) : _table,
            AsksEdges = true,
        });
        _turn = new(new(0), Settings, _ledger, verifier, NonceKeys.Draw(_random), _random.Fork());
        for (var edge = 0; edge < _edges.Length; edge++) _firstEpochs[edge] = _table.EpochOf(EdgeName(edge));
        ForgetQuestions();
    }

    bool Knows(Instant now, string username) => _table.TryFind(now, Encoding.ASCII.GetBytes(username), out PushedCredential? _);

    void Read(Instant now, in Parcel parcel)
    {
        var edge = Array.IndexOf(_edges, parcel.From);
        var letter = _post.Open(parcel.Bytes);
        if (letter is Letter.Told told) OnTold(now, edge, told);
        else Answer(now, edge, letter);
        Look(now);
    }

    void Answer(Instant now, int edge, Letter letter)
    {
        List<string> ended = [];
        List<string> refused = [];
        var name = EdgeName(edge);
        TransferAnswer answer;
        switch (letter)
        {
            case Letter.GetEpoch:
                answer = new TransferAnswer.IsAt(_table.EpochOf(name));
                break;
            case Letter.Put put:
                answer = Said(_table.Put(now, name, put.Credential, put.Epoch, ended));
                break;
            case Letter.Delete delete:
                _table.Delete(now, name, delete.Username, delete.Sequence, ended);
                answer = new TransferAnswer.Done();
                break;
            case Letter.Sync sync:
                var verdict = _table.Sync(now, name, sync.Sequence, sync.Set, sync.Epoch, ended, refused);
                answer = verdict.Result == PushResult.Kept ? new TransferAnswer.Synchronised(verdict.Epoch, refused) : Said(verdict);
                break;
            default:
                throw new InvalidOperationException($"{letter}");
        }

        Cut(now, ended);
        Send(_edges[edge], new Letter.Answer(letter.Life, letter.Id, answer));
    }

    static TransferAnswer Said(PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Created or PushResult.Kept => new TransferAnswer.Done(),
        PushResult.Older => new TransferAnswer.Older(verdict.Sequence),
        PushResult.WrongEpoch => new TransferAnswer.WrongEpoch(),
        _ => new TransferAnswer.Refused(),
    };

    void Send(TransportAddress to, Letter letter) => _leaving.Enqueue(Parcel.Datagram(_address, to, _post.Send(letter)));

    /// <summary>What was withdrawn has ended when that is answered.</summary>
    void Cut(Instant now, List<string> ended)
    {
        if (ended.Count == 0) return;
        var before = _ledger.Sessions().Length;
        _turn.OnOrder(now, new TurnOrder.Revoke([.. ended.Select(PushedCredentials.SubjectOf)]));
        Run(now, Forward.Drop(DropReason.Nothing));
        _facts.RelaysCut += before - _ledger.Sessions().Length;
    }

    void Look(Instant now)
    {
        if (_facts.Gone.Count == 0) return;
        var running = _ledger.Sessions().Select(session => session.Subject).ToHashSet();
        foreach (var (server, username) in _facts.Gone)
            if (server == _number && (Knows(now, username) || running.Contains(PushedCredentials.SubjectOf($"reg-{username}"))))
                _facts.Break(PullLaws.NeverAgain, Name, $"{username} is good again");
    }

    /// <summary>Knows a name only while the edges are being asked.</summary>
    sealed class Forgetful(PushedCredentials table, Func<bool> isAsking) : IPushedCredentials
    {
        public bool TryFind(Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out FoundCredential found)
        {
            found = default;
            return isAsking() && table.TryFind(now, username, algorithm, out found);
        }

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) => table.NameOf(userHash);
    }
}
