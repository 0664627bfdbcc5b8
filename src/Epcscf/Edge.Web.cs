using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>
    /// A credential is asked for by HTTP, with a token that was found good; <see cref="EdgeEffect.ToWeb"/> answers. Belongs to
    /// the shard of the token's first identity.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="id">Comes back with the answer.</param>
    /// <param name="claims">Of the token.</param>
    /// <param name="wanted">What is asked for.</param>
    public void OnWebRequest(Instant now, WebRequestId id, TokenClaims claims, TurnCredentialRequest wanted)
    {
        RunWebRequest(now, new(id, claims, wanted));
        Settle(now);
    }

    /// <summary>
    /// Of the user's registration where there is a live one by token, and of the token alone where there is none.
    /// </summary>
    void RunWebRequest(Instant now, Kept.Web kept)
    {
        var claims = kept.Claims;
        if (_web is null || claims.Identities is not [var first, ..] || !SipUri.TryParse(first, out var uri))
        {
            AnswerWeb(kept, 403);
            return;
        }

        var identity = uri.AddressOfRecord;
        var scenario = claims.Scenario is Scenario.Pool ? _pool! : _web;
        if (scenario.Refusal(now, claims, identity) is { } refusal)
        {
            AnswerWeb(kept, refusal.Status);
            return;
        }

        var registration = _registrations.OfIdentity(identity).FirstOrDefault(one =>
            one is { Flow: not null, Token: { } token } && token.Claims.IsOfUser(claims));
        var end = now + claims.Left(now);
        var wish = new CredentialWish(
            kept.Wanted, registration?.Opaque ?? OpaqueOf(claims), registration?.Expires ?? end, claims.Scenario)
        {
            // It was asked for with this token: it does not outlive it by the minute that a registration has.
            Latest = end,
        };
        if (Grant(now, kept, wish, registration) is not { } provision) return;
        AnswerWeb(kept, provision is Provision.Given ? 200 : provision is Provision.Refused ? 403 : 503, provision);
    }

    void AnswerWeb(Kept.Web kept, int status, Provision? provision = null) =>
        _effects.Enqueue(new EdgeEffect.ToWeb(kept.Id, status, (provision as Provision.Given)?.Credential));

    /// <summary>
    /// A token without a registration is its own subject, the same each time it is shown to this process. Another one with the
    /// same key must not draw the same id: it stands in the nonces of tokens, beside a count that begins anew with each process.
    /// </summary>
    string OpaqueOf(TokenClaims claims) =>
        OpaqueId.Of(_settings.TokenKey, $"web\n{_self}\n{_generation}\n{claims.Issuer}\n{claims.Id}");
}
