using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>
    /// On a flow that shows tokens each request but ACK and CANCEL shows one (TS 24.371 §7.2.1; obligation 16b). False when the
    /// run asked, or refused.
    /// </summary>
    bool TryAuthorize(Instant now, Kept.Request kept, SipMessage request, FlowId id, Registration registration)
    {
        if (!_registrations.TryGetFlow(id, out var flow) || !flow.ShowsTokens) return true;
        if (!TryJudge(now, kept, request, flow, flow.AddressOfRecord, out var token, out var refusal)) return false;
        if (refusal is null && registration.Token?.Claims.IsOfUser(token!.Claims) is not true)
            refusal = new(403, "The token is of another user");
        if (refusal is { } why)
        {
            Refuse(now, kept.Context, why);
            return false;
        }

        flow.Token = token;
        return true;
    }

    /// <summary>
    /// Whether a request's token is good for an identity: a token, or a refusal. False when the run asked: it does nothing else.
    /// </summary>
    bool TryJudge(
        Instant now, Kept kept, SipMessage request, Flow? flow, string identity,
        out VerifiedToken? token, out TokenRefusal? refusal)
    {
        (token, refusal) = (null, TokenRefusal.Unauthorized);
        if (BearerCredentials.Of(request) is not { Token: var text }) return true;
        if (flow?.Token is { } known && known.Is(text)) token = known;
        else if (!TryVerify(now, kept, text, out token, out refusal)) return false;

        if (token is not { Claims: var claims }) return true;
        var scenario = claims.Scenario is Scenario.Pool ? _pool! : _web!;
        refusal = scenario.Refusal(now, claims, identity);
        // A token tells who its owner is, but not that the flow is another's now.
        if (refusal is null && flow?.Token is { Claims: var before } && !before.IsOfUser(claims))
            refusal = new(403, "This flow is of another user");
        return true;
    }

    /// <summary>What the outside says of a token. False when the run asked.</summary>
    bool TryVerify(Instant now, Kept kept, string text, out VerifiedToken? token, out TokenRefusal? refusal)
    {
        var tokens = _settings.Tokens!;
        (token, refusal) = (null, TokenRefusal.Later);
        if (kept.Heard<EdgeQuestion.VerifyToken>() is not { Answer: var answer })
            return Ask(now, kept, new EdgeQuestion.VerifyToken(text), tokens.Patience) is not null;
        switch (answer)
        {
            case EdgeAnswer.Verified { Claims: var claims }:
                token = new(text, claims, tokens.Recheck is not null);
                break;
            case EdgeAnswer.NotVerified { Fault: TokenFault.Invalid or TokenFault.Expired }:
                refusal = TokenRefusal.Unauthorized;
                break;
        }

        return true;
    }

    void Refuse(Instant now, ResponseContext<Neighbour, Errand> context, TokenRefusal refusal)
    {
        if (refusal.Status == 503)
        {
            RefuseBusy(now, context);
        }
        else if (refusal.Status == 401)
        {
            Report(EdgeEvent.Refused, context.Path.Flow, $"{context.Request.Method} 401 {refusal.Error}");
            _proxy.Respond(now, context, _web!.Challenge(context.Request, refusal.Error!, NewTag()));
        }
        else
        {
            Refuse(now, context, refusal.Status, refusal.Reason);
        }
    }
}
