using Portunus.Bedrock;

namespace Portunus.Sip;

public sealed partial class TransactionLayer<TPath>
{
    /// <summary>Sends a request with its own top Via, whose branch the caller made; false when the table is full.</summary>
    /// <exception cref="ArgumentException">An ACK, a request without a branch of ours, or a branch that is in use.</exception>
    public bool TrySend(Instant now, TPath path, SipMessage request, out TransactionId id)
    {
        id = default;
        _now = now;
        if (_all.Count >= _settings.Capacity) return false;
        id = Begin(path, request);
        return true;
    }

    /// <summary>
    /// Cancels an INVITE that was sent (§9.1): at once when a provisional response is there, or when one comes; not at all when
    /// it has its final response. What becomes of the INVITE is told as ever: a 487, a late 2xx, or <c>Failed</c>.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="invite">What <see cref="TrySend"/> gave; one that is no more is no fault.</param>
    /// <param name="reason">A Reason header (RFC 3326) to put in; null for none.</param>
    public void Cancel(Instant now, TransactionId invite, string? reason = null)
    {
        _now = now;
        if (!_all.TryGetValue(invite, out var entry) || entry.Machine is not InviteClient client) return;
        var cancel = SipMessage.Cancel(client.Request);
        if (reason is not null) cancel.Add(HeaderName.Reason, reason);
        if (client.OnCancel(cancel)) Begin(entry.Path, cancel, quiet: true);
    }

    /// <summary>Answers a request; false when its transaction is no more or may not send this (RFC 4320 §4).</summary>
    public bool Respond(Instant now, TransactionId id, SipMessage response)
    {
        _now = now;
        return _all.TryGetValue(id, out var entry) && entry.Machine is ServerTransaction server && server.OnRespond(response);
    }

    void SendCancel(InviteClient invite, SipMessage cancel)
    {
        invite.OnCancelSent();
        Begin(_all[invite.Id].Path, cancel, quiet: true);
    }

    TransactionId Begin(TPath path, SipMessage request, bool quiet = false)
    {
        if (request.TopVia is not { HasMagicCookie: true } via || request.Method is SipMethod.Ack or "")
            throw new ArgumentException("A request needs a top Via with a branch; an ACK has no transaction.", nameof(request));
        var id = new TransactionId(++_last);
        ClientTransaction client = request.Method == SipMethod.Invite
            ? new InviteClient(id, request, this)
            : new NonInviteClient(id, request, this) { IsQuiet = quiet };
        if (!_clients.TryAdd(new(path, via.Branch!, via.SentBy, request.Method), client))
            throw new ArgumentException($"Branch {via.Branch} is in use.", nameof(request));
        Open(client, path);
        client.Start();
        return id;
    }
}
