using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>A request from the core: to a WIC by our token on top of its Route (obligations 38 to 42).</summary>
    void FromCore(Instant now, Kept.Request kept, SipMessage request)
    {
        var context = kept.Context;
        if (request.TopRoute is null && request.Method == SipMethod.Options)
        {
            // A neighbour looks whether we are alive.
            _proxy.Respond(now, context, Capabilities(context.Request));
            return;
        }

        if (IsForWatch(request))
        {
            OnNotify(now, context, request);
            return;
        }

        var status = Find(request, out var called);
        if (called?.Flow is not { } flow)
        {
            Refuse(now, context, status);
            return;
        }

        if (!ProxyCore<Neighbour, Errand>.TryHop(request))
        {
            Refuse(now, context, 483);
            return;
        }

        ToCalled(request);
        if (Dialogs.IsBegunBy(request)) RecordCalled(request, called);
        // Obligation 39: fresh for each INVITE, since the candidates are gathered upon it.
        if (request.Method == SipMethod.Invite && !TryProvide(now, kept, called, called.Wanted, request)) return;
        Forward(now, context, Neighbour.Of(flow), request, new Errand.ToWic(called, request));
    }

    void AckFromCore(SipMessage ack)
    {
        Find(ack, out var called);
        if (called?.Flow is not { } flow || !ProxyCore<Neighbour, Errand>.TryHop(ack)) return;
        ToCalled(ack);
        AddVia(ack, Neighbour.Of(flow));
        _proxy.SendApart(Neighbour.Of(flow), ack);
    }

    /// <summary>
    /// Whom the top Route means. A token that was altered, or is for another dialog: 403; one of a former life, or whose flow is
    /// gone: 430 (RFC 5626 §5.3.1).
    /// </summary>
    int Find(SipMessage request, out Registration? called)
    {
        called = null;
        var user = request.TopRoute?.Uri.User;
        if (!FlowToken.TryRead(user, out var token)) return 403;
        var isOurs = token.Kind is TokenKind.Path
            ? FlowToken.TryOpen(_settings.TokenKey, user, "", out token)
            : Dialogs.TryOpen(request, fromWic: false, _settings.TokenKey, out token);
        if (!isOurs || token.Shard != _self) return 403;
        if (token.Generation != _generation) return 430;
        called = token.Kind is TokenKind.Path ? _registrations.OfFlow(new(token.Number)) : _registrations.OfNumber(token.Number);
        return 430;
    }

    /// <summary>Takes our Route and the core's own away; the Request-URI is the Contact and stays (obligation 42).</summary>
    void ToCalled(SipMessage request)
    {
        request.RemoveFirst(HeaderName.Route);
        ToWic(request);
    }

    /// <summary>What every message to a WIC goes through.</summary>
    void ToWic(SipMessage message)
    {
        CoreSecrets.Remove(message);
        PrivateIdentity.Remove(message);
        _credentials.Remove(message);
    }

    string TransportOf(FlowId flow) => _registrations.TryGetFlow(flow, out var known) ? known.Transport : "WSS";
}
