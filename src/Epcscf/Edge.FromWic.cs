using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>A new request of a WIC: its own journey for REGISTER and OPTIONS to us, else into the core.</summary>
    void FromWic(Instant now, Kept.Request kept, SipMessage request)
    {
        var context = kept.Context;
        var flow = context.Path.Flow;
        if (request.Method == SipMethod.Register)
        {
            OnRegister(now, kept, request);
            return;
        }

        if (Emergency.IsCall(request))
        {
            _proxy.Respond(now, context, Emergency.Alternative(context.Request, NewTag()));
            return;
        }

        // Obligation 18.
        if (_registrations.OfFlow(flow) is not { } registration)
        {
            Refuse(now, context, 403, "Register first");
            return;
        }

        if (!TryAuthorize(now, kept, request, flow, registration)) return;
        if (request.To?.Tag is not null) InDialog(now, context, request, registration);
        else if (IsForUs(request, registration)) AnswerOptions(now, kept, request, registration);
        else Originate(now, context, request, registration);
    }

    /// <summary>An initial or stand-alone request into the core (obligations 27 to 31, 34, 36).</summary>
    void Originate(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage request, Registration registration)
    {
        // Obligation 33: these live in a dialog only.
        if (request.Method is SipMethod.Bye or SipMethod.Prack or SipMethod.Update or SipMethod.Info)
        {
            Refuse(now, context, 403, "Outside of a dialog");
            return;
        }

        if (!Identities.MayBeFrom(request, registration))
        {
            Refuse(now, context, 403, "From is not registered here");
            return;
        }

        if (!TryClean(now, context, request)) return;
        if (!Identities.TryAssert(request, registration))
        {
            Refuse(now, context, 403, "Too many preferred identities");
            return;
        }

        ServiceRoute.Preload(request, registration);
        Charging.AddVector(request, _settings.Host, originator: null, _random);
        if (Dialogs.IsBegunBy(request)) RecordCaller(request, registration);
        Forward(now, context, Neighbour.Core, request, new Errand.ToCore(registration, request));
    }

    /// <summary>A request of a dialog: only of its party, and along its route (obligation 33; TS 24.229 §5.2.6.3.5).</summary>
    void InDialog(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage request, Registration registration)
    {
        if (!IsParty(request, registration))
        {
            Refuse(now, context, 403, "Not a party of this dialog");
            return;
        }

        if (!TryClean(now, context, request)) return;
        request.Remove(HeaderName.PPreferredIdentity);
        request.RemoveFirst(HeaderName.Route);
        Forward(now, context, Neighbour.Core, request, new Errand.ToCore(registration, request));
    }

    /// <summary>The ACK of a 2xx takes the way of its dialog, or is dropped: nobody may be answered (obligation 33).</summary>
    void AckFromWic(FlowId flow, SipMessage ack)
    {
        if (_registrations.OfFlow(flow) is not { } registration || !IsParty(ack, registration)) return;
        if (!ProxyCore<Neighbour, Errand>.TryHop(ack)) return;
        Clean(ack);
        ack.Remove(HeaderName.PPreferredIdentity);
        ack.RemoveFirst(HeaderName.Route);
        AddVia(ack, Neighbour.Core);
        _proxy.SendApart(Neighbour.Core, ack);
    }

    /// <summary>Its top Route is ours, and was made for this registration and this dialog.</summary>
    bool IsParty(SipMessage request, Registration registration) =>
        Dialogs.TryOpen(request, fromWic: true, _settings.TokenKey, out var token)
        && token.Generation == _generation && token.Number == registration.Number;

    bool TryClean(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage request)
    {
        Clean(request);
        if (ProxyCore<Neighbour, Errand>.TryHop(request)) return true;
        Refuse(now, context, 483);
        return false;
    }

    /// <summary>Removes from a message of a registered WIC, other than a REGISTER, what it may not say to the core.</summary>
    void Clean(SipMessage message)
    {
        WicAssertions.Remove(message);
        SecurityAgreement.Remove(message);
        _credentials.Remove(message);
        // A digest here was challenged by nobody, and a bearer was for us: neither goes further (obligation 58).
        message.Remove(HeaderName.Authorization);
        message.Remove(HeaderName.ProxyAuthorization);
    }
}
