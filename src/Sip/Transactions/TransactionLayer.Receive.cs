using System.Globalization;
using Portunus.Bedrock;

namespace Portunus.Sip;

public sealed partial class TransactionLayer<TPath>
{
    /// <summary>
    /// A message from a neighbour, past <see cref="MessageCheck"/>; one that cannot be matched or answered is dropped.
    /// </summary>
    public void OnMessage(Instant now, TPath path, SipMessage message)
    {
        _now = now;
        if (message.TopVia is not { HasMagicCookie: true } via || message.CSeq is not { } cseq) return;
        var key = new Key(path, via.Branch!, via.SentBy, message.IsResponse ? cseq.Method : message.Method);
        if (message.IsResponse) OnResponse(key, message);
        else OnRequest(path, key, message);
    }

    // RFC 6026 §7.3: a response that matches nothing is dropped, never forwarded.
    void OnResponse(in Key key, SipMessage response)
    {
        if (!_clients.TryGetValue(key, out var client)) return;
        client.OnResponse(response);
        if (client is InviteClient { Cancel: { } waiting, State: TransactionState.Proceeding } invite)
            SendCancel(invite, waiting);
    }

    void OnRequest(TPath path, in Key key, SipMessage request)
    {
        var invite = key with { Method = SipMethod.Invite };
        if (request.Method == SipMethod.Ack)
        {
            if (_servers.TryGetValue(invite, out var acknowledged)) acknowledged.OnRequest(request);
            else _effects.Enqueue(new TransactionEffect<TPath>.Ack(path, request));
            return;
        }

        if (_servers.TryGetValue(key, out var same))
        {
            same.OnRequest(request);
            return;
        }

        // §9.2: a CANCEL means the transaction that the same Via names, unless it has its final response.
        TransactionId? cancels = null;
        if (request.Method == SipMethod.Cancel && _servers.TryGetValue(invite, out var target) && !target.HasFinalResponse)
            cancels = target.Id;

        // A CANCEL that frees something is let in when the table is full: there is one at most for each INVITE.
        if (_all.Count >= _settings.Capacity && cancels is null)
        {
            Refuse(path, request);
            return;
        }

        var id = new TransactionId(++_last);
        var kept = request.Copy();
        ServerTransaction server = request.Method == SipMethod.Invite
            ? new InviteServer(id, kept, this)
            : new NonInviteServer(id, kept, this);
        _servers.Add(key, server);
        Open(server, path);
        server.Start();
        _effects.Enqueue(new TransactionEffect<TPath>.Request(id, path, request, cancels));
    }

    void Refuse(TPath path, SipMessage request)
    {
        var full = SipMessage.Response(request, 503);
        full.Set(HeaderName.RetryAfter, ((int)_settings.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        SendApart(path, full);
    }
}
