using Portunus.Bedrock;

namespace Portunus.Sip;

public sealed partial class ProxyCore<TPath, TNote>
{
    /// <summary>What an effect of the transaction layer means for a proxy; null when all of it is done here.</summary>
    ProxyEffect<TPath, TNote>? Rise(Instant now, TransactionEffect<TPath> below)
    {
        switch (below)
        {
            case TransactionEffect<TPath>.ToTransport send:
                return new ProxyEffect<TPath, TNote>.ToTransport(send.Path, send.Message);
            case TransactionEffect<TPath>.Request { Message.Method: SipMethod.Cancel } cancel:
                OnCancel(now, cancel);
                return null;
            case TransactionEffect<TPath>.Request request:
                var context = new ResponseContext<TPath, TNote>(request.Id, request.Path, request.Message.Copy());
                _contexts.Add(request.Id, context);
                return new ProxyEffect<TPath, TNote>.Request(context, request.Message);
            case TransactionEffect<TPath>.Ack ack:
                return new ProxyEffect<TPath, TNote>.Ack(ack.Path, ack.Message);
            case TransactionEffect<TPath>.Response response:
                return OnResponse(response.Id, response.Message);
            case TransactionEffect<TPath>.Overdue overdue:
                // §16.8: Timer C.
                _layer.Cancel(now, overdue.Id);
                return null;
            case TransactionEffect<TPath>.Failed failed:
                return OnFailed(failed.Id, failed.Why);
            case TransactionEffect<TPath>.Ended ended:
                OnEnded(now, ended.Id);
                return null;
            default:
                return null;
        }
    }

    /// <summary>§16.10: a CANCEL is answered here, and stops every branch that has no final response.</summary>
    void OnCancel(Instant now, TransactionEffect<TPath>.Request cancel)
    {
        var known = cancel.Cancels is { } invite && _contexts.ContainsKey(invite);
        _layer.Respond(now, cancel.Id, SipMessage.Response(cancel.Message, known ? 200 : 481));
        if (!known) return;
        var context = _contexts[cancel.Cancels!.Value];
        context.IsCancelled = true;
        CancelOthers(now, context, cancel.Message.Get(HeaderName.Reason));
    }

    ProxyEffect<TPath, TNote>? OnResponse(TransactionId id, SipMessage response)
    {
        // §16.7 step 5: a 100 is for this hop alone.   §16.7 step 3: our Via goes.
        if (response.Status == 100 || !_branches.TryGetValue(id, out var branch)) return null;
        response.RemoveFirst(HeaderName.Via);
        // A response whose only Via was ours would go back to nobody: §16.7 step 3 lets it end here; a request of ours has it so.
        return response.Has(HeaderName.Via) || branch.Context is null
            ? new ProxyEffect<TPath, TNote>.Response(branch, response, null)
            : null;
    }

    ProxyEffect<TPath, TNote>? OnFailed(TransactionId id, TransactionFailure why)
    {
        if (!_branches.TryGetValue(id, out var branch)) return null;
        // §16.7: "if there are no final responses in the context, the proxy MUST send a 408"; §16.9: a transport error is a 503.
        // Our branch is as good a tag as another: chance, and for this forwarding alone.
        var request = branch.Context?.Request ?? branch.Request;
        var status = why is TransactionFailure.Timeout ? 408 : 503;
        var response = SipMessage.Response(request, status, toTag: branch.Request.TopVia?.Branch);
        return new ProxyEffect<TPath, TNote>.Response(branch, response, why);
    }

    void OnEnded(Instant now, TransactionId id)
    {
        if (_branches.Remove(id, out var branch)) branch.IsDone = true;
        // The caller is gone before its answer: nobody waits for the branches any more.
        if (!_contexts.Remove(id, out var context)) return;
        context.IsEnded = true;
        if (!context.IsAnswered) CancelOthers(now, context);
    }
}
