using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What the rules want changed in the world, effect by effect.
sealed partial class RelayWorker
{
    /// <summary>The one switch over effects.</summary>
    void Perform(Instant now, TurnEffect effect)
    {
        switch (effect)
        {
            case TurnEffect.Ask { Question: TurnQuestion.OpenRelay question } ask:
                Post(now, _rules.OnAnswer(now, ask.Id, Open(now, question), _head), _batch.Start(_batch.Spare), _batch.Start(_batch.Spare));
                Flush(now);
                break;
            case TurnEffect.Ask { Question: TurnQuestion.FindCredential question } ask:
                _awaited++;
                Find(ask.Id, question.Username, ask.Deadline - now);
                break;
            case TurnEffect.Ask { Question: TurnQuestion.YieldRelay question } ask:
                _awaited++;
                Yield(ask.Id, question.Held);
                break;
            case TurnEffect.Ask { Question: TurnQuestion.ConnectPeer question } ask:
                Connect(now, ask.Id, question);
                break;
            case TurnEffect.CloseRelay close:
                Close(close.Relay);
                break;
            case TurnEffect.Post post:
                Bring(post.To, post.Order);
                break;
            case TurnEffect.ClosePeer close:
                Close(close.Connection);
                break;
            case TurnEffect.Splice splice:
                Join(now, splice);
                break;
            case TurnEffect.Audit audit:
                _audit.Record(now, audit.Event);
                break;
            default:
                throw new InvalidOperationException($"No way to perform {effect.GetType().Name}.");
        }
    }

    /// <summary>Asks the edges, elsewhere; the answer comes by the inbox.</summary>
    void Find(AskId id, string username, TimeSpan patience) => Task.Run(async () =>
    {
        TurnAnswer answer = new TurnAnswer.CredentialUnavailable();
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            end.CancelAfter(patience);
            if (_finder is not null) answer = await _finder.FindAsync(username, end.Token);
        }
        finally
        {
            _inbox.Post(new(id, answer));
        }
    });

    void Close(RelayId id)
    {
        CloseDoor(id);
        if (!_relays.TryRemove(id, out var relay)) return;
        _path.Unwatch(relay);
        relay.Datagrams.Dispose();
    }
}
