using System.Text;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Assessment.Virtual;

/// <summary>The TURN server as it is, of one worker, with the table of what edges tell it; relay sockets open at once.</summary>
sealed class TurnHost : INode
{
    readonly TurnServer _server;
    readonly PushedCredentials _table;
    readonly Letters _letters;
    readonly Dictionary<ushort, RelayId> _sockets = [];
    readonly Dictionary<RelayId, ushort> _ports = [];
    readonly Queue<(AskId Ask, TurnAnswer Answer)> _answers = new();
    readonly Queue<Parcel> _leaving = new();
    readonly byte[] _head = new byte[TurnServer.HeadSize];

    public TurnHost(TurnSettings settings, Func<PushedCredentials, CredentialSources> sources, Letters letters, SeededRandom random)
    {
        (_table, _letters) = (new(settings.Realm, random), letters);
        var verifier = new CredentialVerifier(sources(_table));
        _server = new(default, settings, new(settings), verifier, NonceKeys.Draw(random), random.Fork());
        if (verifier.AsksEdges) _leaving.Enqueue(Parcel.Open(Address.TurnFetch, Address.EdgeFetch));
    }

    public Instant? NextDeadline => Instant.Earliest(_server.NextDeadline, _table.NextDeadline);

    public void OnMessage(Instant now, in Parcel parcel)
    {
        var bytes = parcel.Bytes.Span;
        if (parcel.Kind == ParcelKind.Datagram && parcel.To == Address.Turn)
            Run(now, _server.OnClient(now, new(new(parcel.From, parcel.To, ClientTransport.Udp), 0), bytes, _head), bytes);
        else if (parcel.Kind == ParcelKind.Datagram && _sockets.TryGetValue(parcel.To.Port, out var relay))
            Run(now, _server.OnPeer(now, relay, parcel.From, parcel.Bytes.ToArray(), _head), bytes);
        else if (parcel.Kind == ParcelKind.Segment) OnEdge(now, parcel);
    }

    public void OnDeadline(Instant now)
    {
        while (_server.NextDeadline <= now) Run(now, _server.OnDeadline(now, _head), default);
        List<string> ended = [];
        _table.OnDeadline(now, ended);
        End(now, ended);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    /// <summary>Sends what was returned, does what was queued, and goes on with what that answered.</summary>
    void Run(Instant now, Forward forward, ReadOnlySpan<byte> input)
    {
        Send(forward, input);
        while (_server.TryTake(out var effect)) Perform(effect);
        while (_answers.TryDequeue(out var answer))
        {
            Send(_server.OnAnswer(now, answer.Ask, answer.Answer, _head), default);
            while (_server.TryTake(out var effect)) Perform(effect);
        }
    }

    void Perform(TurnEffect effect)
    {
        switch (effect)
        {
            case TurnEffect.Ask(var id, TurnQuestion.OpenRelay(var relay, var address), _):
                (_sockets[address.Port], _ports[relay]) = (relay, address.Port);
                _answers.Enqueue((id, new TurnAnswer.RelayOpened(relay)));
                break;
            case TurnEffect.Ask(var id, TurnQuestion.FindCredential(var username), _):
                var find = _letters.Send(new TransferLetter.Find(id, username));
                _leaving.Enqueue(Parcel.Segment(Address.TurnFetch, Address.EdgeFetch, find));
                break;
            case TurnEffect.CloseRelay(var relay) when _ports.Remove(relay, out var port):
                _sockets.Remove(port);
                break;
        }
    }

    void Send(in Forward forward, ReadOnlySpan<byte> input)
    {
        if (forward.Kind == ForwardKind.Drop) return;
        var bytes = new byte[forward.Length];
        _head.AsSpan(0, forward.Head).CopyTo(bytes);
        input.Slice(forward.Payload.Offset, forward.Payload.Length).CopyTo(bytes.AsSpan(forward.Head));
        if (forward.Kind == ForwardKind.ToClient)
            _leaving.Enqueue(Parcel.Datagram(Address.Turn, forward.Path.FiveTuple.Client, bytes));
        else if (_ports.TryGetValue(forward.Relay, out var port))
            _leaving.Enqueue(Parcel.Datagram(Address.Turn.WithPort(port), forward.Peer, bytes));
    }

    void OnEdge(Instant now, in Parcel parcel)
    {
        List<string> ended = [];
        switch (_letters.Open(parcel.Bytes))
        {
            case TransferLetter.Found found:
                _answers.Enqueue((found.Id, Take(now, found.What, ended)));
                break;
            case TransferEffect statement:
                var (id, answer) = Take(now, statement, ended);
                _leaving.Enqueue(Parcel.Segment(parcel.To, parcel.From, _letters.Send(new TransferLetter.Answer(id, answer))));
                break;
        }

        End(now, ended);
        Run(now, Forward.Drop(DropReason.Nothing), default);
    }

    TurnAnswer Take(Instant now, FetchAnswer answer, List<string> ended)
    {
        if (answer is FetchAnswer.Unknown) return new TurnAnswer.CredentialUnknown();
        if (answer is not FetchAnswer.Told(var credential)) return new TurnAnswer.CredentialUnavailable();
        _table.Put(now, StudySystem.EdgeName, credential, null, ended);
        return _table.TryFind(now, Encoding.ASCII.GetBytes(credential.Username), out PushedCredential? _)
            ? new TurnAnswer.CredentialFound()
            : new TurnAnswer.CredentialUnavailable();
    }

    (AskId Id, TransferAnswer Answer) Take(Instant now, TransferEffect statement, List<string> ended)
    {
        switch (statement)
        {
            case TransferEffect.Put put:
                return (put.Id, AnswerOf(_table.Put(now, StudySystem.EdgeName, put.Credential, put.Epoch, ended)));
            case TransferEffect.Delete delete:
                return (delete.Id, AnswerOf(_table.Delete(now, StudySystem.EdgeName, delete.Username, delete.Sequence, ended)));
            case TransferEffect.Sync sync:
                List<string> refused = [];
                var verdict = _table.Sync(now, StudySystem.EdgeName, sync.Sequence, sync.Set, sync.Epoch, ended, refused);
                return (sync.Id, verdict.Result == PushResult.Kept
                    ? new TransferAnswer.Synchronised(verdict.Epoch, refused)
                    : AnswerOf(verdict));
            case TransferEffect.GetEpoch poll:
                return (poll.Id, new TransferAnswer.IsAt(_table.EpochOf(StudySystem.EdgeName)));
            default:
                throw new InvalidOperationException($"Nobody says {statement.GetType().Name} in this experiment.");
        }
    }

    static TransferAnswer AnswerOf(PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Created or PushResult.Kept => new TransferAnswer.Done(),
        PushResult.Older => new TransferAnswer.Older(verdict.Sequence),
        PushResult.WrongEpoch => new TransferAnswer.WrongEpoch(),
        PushResult.Full => new TransferAnswer.Full(),
        _ => new TransferAnswer.Refused(),
    };

    void End(Instant now, List<string> ended)
    {
        if (ended.Count == 0) return;
        _server.OnOrder(now, new TurnOrder.Revoke([.. ended.Select(PushedCredentials.SubjectOf)]));
        Run(now, Forward.Drop(DropReason.Nothing), default);
    }
}
