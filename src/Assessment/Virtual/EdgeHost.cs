using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// The eP-CSCF as it is: W2 over streams, Mw over UDP, and in Approach 2 its transfer of credentials to the TURN server.
/// </summary>
/// <param name="edge">The machine.</param>
/// <param name="transfer">Null where the TURN server is told nothing.</param>
/// <param name="verify">The verifier of access tokens, whose keys it has: nobody is asked.</param>
/// <param name="letters">Of the streams with the TURN server.</param>
sealed class EdgeHost(Edge edge, CredentialTransfer? transfer, Func<Instant, string, EdgeAnswer> verify, Letters letters) : INode
{
    /// <summary>The node stops to wait for acknowledgements so much before the machine does.</summary>
    static readonly TimeSpan Early = TimeSpan.FromMilliseconds(20);

    readonly Dictionary<FlowId, TransportAddress> _clients = [];
    readonly Dictionary<TransportAddress, FlowId> _flows = [];
    readonly Dictionary<AskId, EdgeEffect.Ask> _pushes = [];
    readonly Queue<(AskId Ask, EdgeAnswer Answer)> _answers = new();
    readonly Queue<Parcel> _leaving = new(transfer is null ? [] : [Parcel.Open(Address.EdgeTransfer, Address.TurnTransfer)]);
    ulong _lastFlow;

    public Instant? NextDeadline => Instant.Earliest(edge.NextDeadline, transfer?.NextDeadline);

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (parcel.To == Address.EdgeW2) OnW2(now, parcel);
        else if (parcel.To == Address.EdgeMw && SipMessage.TryParse(parcel.Bytes.Span, out var message, out _))
            edge.OnCore(now, default, message);
        else if (parcel.Kind == ParcelKind.Segment) OnTurn(now, parcel);
        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        if (edge.NextDeadline <= now) edge.OnDeadline(now);
        if (transfer?.NextDeadline <= now) transfer.OnDeadline(now);
        Drain(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void OnW2(Instant now, in Parcel parcel)
    {
        if (parcel.Kind == ParcelKind.Opened)
        {
            var id = new FlowId(++_lastFlow);
            (_flows[parcel.From], _clients[id]) = (id, parcel.From);
            // The SYN-ACK.
            _leaving.Enqueue(Parcel.Segment(Address.EdgeW2, parcel.From, Exchange.Bare.ToAnswer()));
        }
        else if (parcel.Kind == ParcelKind.Segment && Exchange.TryReadQuestion(parcel.Bytes.Span, out var exchange))
        {
            _leaving.Enqueue(Parcel.Segment(Address.EdgeW2, parcel.From, exchange.ToAnswer()));
        }
        else if (parcel.Kind == ParcelKind.Segment && _flows.TryGetValue(parcel.From, out var flow)
            && SipMessage.TryParse(parcel.Bytes.Span, out var message, out _))
        {
            edge.OnW2(now, flow, message);
        }
        else if (parcel.Kind == ParcelKind.Closed && _flows.Remove(parcel.From, out var gone))
        {
            _clients.Remove(gone);
            edge.OnFlowClosed(now, gone);
        }
    }

    void OnTurn(Instant now, in Parcel parcel)
    {
        switch (letters.Open(parcel.Bytes))
        {
            case TransferLetter.Answer answer:
                transfer!.OnAnswer(now, answer.Id, answer.What);
                break;
            case TransferLetter.Find find:
                var found = transfer!.Fetch(now, StudySystem.TurnName, StudySystem.Realm, find.Username);
                _leaving.Enqueue(
                    Parcel.Segment(Address.EdgeFetch, Address.TurnFetch, letters.Send(new TransferLetter.Found(find.Id, found))));
                break;
        }
    }

    void Drain(Instant now)
    {
        while (true)
        {
            if (edge.TryTake(out var effect)) Perform(now, effect);
            else if (transfer is not null && transfer.TryTake(out var said)) Perform(said);
            else if (_answers.TryDequeue(out var answer)) edge.OnAnswer(now, answer.Ask, answer.Answer);
            else return;
        }
    }

    void Perform(Instant now, EdgeEffect effect)
    {
        switch (effect)
        {
            case EdgeEffect.ToW2(var flow, var message) when _clients.TryGetValue(flow, out var client):
                _leaving.Enqueue(Parcel.Segment(Address.EdgeW2, client, message.ToBytes()));
                break;
            case EdgeEffect.ToCore(_, var message):
                _leaving.Enqueue(Parcel.Datagram(Address.EdgeMw, Address.Core, message.ToBytes()));
                break;
            case EdgeEffect.CloseFlow(var flow) when _clients.Remove(flow, out var client):
                _flows.Remove(client);
                _leaving.Enqueue(Parcel.Close(Address.EdgeW2, client));
                edge.OnFlowClosed(now, flow);
                break;
            case EdgeEffect.Ask { Question: EdgeQuestion.VerifyToken(var token, _) } ask:
                _answers.Enqueue((ask.Id, verify(now, token)));
                break;
            case EdgeEffect.Ask { Question: EdgeQuestion.Tell tell } ask:
                IReadOnlyList<string> servers = tell is EdgeQuestion.Push push ? push.Servers : [];
                if (transfer!.TryPush(now, tell.Credential, servers, ask.Deadline + -Early, out var id)) _pushes.Add(id, ask);
                else _answers.Enqueue((ask.Id, AnswerTo(ask, [], hasRoom: false)));
                break;
            case EdgeEffect.Withdraw gone:
                transfer?.Withdraw(now, gone.Realm, gone.Username, gone.Sequence);
                break;
        }
    }

    void Perform(TransferEffect effect)
    {
        if (effect is TransferEffect.Acknowledged acknowledged)
        {
            if (_pushes.Remove(acknowledged.Push, out var ask))
                _answers.Enqueue((ask.Id, AnswerTo(ask, acknowledged.Servers, hasRoom: true)));
        }
        else if (effect is not TransferEffect.Audit)
        {
            _leaving.Enqueue(Parcel.Segment(Address.EdgeTransfer, Address.TurnTransfer, letters.Send(effect)));
        }
    }

    static EdgeAnswer AnswerTo(EdgeEffect.Ask ask, IReadOnlyList<string> servers, bool hasRoom) =>
        ask.Question is EdgeQuestion.Push ? new EdgeAnswer.Pushed(servers) : new EdgeAnswer.Kept(hasRoom);
}
