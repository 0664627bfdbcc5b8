using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>A response, by why its request was sent on.</summary>
    void OnResponse(Instant now, ProxyBranch<Neighbour, Errand> branch, SipMessage response, TransactionFailure? failure)
    {
        switch (branch.Note)
        {
            case Errand.Registering errand:
                OnRegisterResponse(now, new(branch, response, errand), isLocal: failure is not null);
                break;
            case Errand.ToCore errand:
                ToWic(response);
                if (response.Status < 300 && Dialogs.IsBegunBy(errand.Sent)) RewriteForCaller(response, errand);
                _proxy.Pass(now, branch, response);
                break;
            case Errand.Deregistering errand:
                OnDeregistered(now, response.Status, errand);
                break;
            case Errand.Watching errand:
                OnWatchResponse(now, response, errand);
                break;
            case Errand.ToWic errand:
                _proxy.Pass(now, branch, failure is null ? FromCalled(branch, response, errand) : Failed(branch, failure.Value));
                break;
        }
    }

    /// <summary>The response of a called WIC (obligations 40 and 41).</summary>
    SipMessage FromCalled(ProxyBranch<Neighbour, Errand> branch, SipMessage response, Errand.ToWic errand)
    {
        Clean(response);
        response.Remove(HeaderName.PPreferredIdentity);
        // Obligation 40: the way back and the dialog's route are not the WIC's to change.
        response.Remove(HeaderName.Via);
        response.CopyFrom(branch.Context!.Request, HeaderName.Via);
        if (response.Status >= 300) return response;
        RestoreFromCalled(response, errand);
        // Obligation 41: charged under the identity that the request came with.
        response.CopyFrom(branch.Context.Request, HeaderName.PChargingVector);
        Identities.AssertCalled(response, errand.Called, errand.Sent.Address(HeaderName.PCalledPartyId)?.Uri);
        return response;
    }

    /// <summary>Nobody answered: 408. The WebSocket broke: 430, so that the core forgets the binding (RFC 5626 §5.3.1).</summary>
    SipMessage Failed(ProxyBranch<Neighbour, Errand> branch, TransactionFailure failure) =>
        SipMessage.Response(branch.Context!.Request, failure is TransactionFailure.Timeout ? 408 : 430, toTag: NewTag());
}
