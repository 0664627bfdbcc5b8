using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Scenario 2: a user signs in at the WAF by the code flow with PKCE (RFC 6749 §4.1, RFC 7636), and the WAF says who that is in
/// the IMS. Later tokens come by a refresh token where one was given, else by the flow again, which the WAF's session shortens.
/// </summary>
/// <param name="waf">Whom it asks.</param>
/// <param name="client">Our id there, of a public client.</param>
/// <param name="redirect">As it is registered there, to the byte.</param>
/// <param name="scope">What for.</param>
/// <param name="pages">Who turns the pages of the login.</param>
sealed class CodeSignIn(WafAccess waf, string client, Uri redirect, string scope, ILoginPages pages) : ITokenSource
{
    string? _refresh;
    bool _began;

    public bool CanRenew => true;

    public async Task<AccessGrant> FetchAsync(CancellationToken stop)
    {
        if (_refresh is not { } refresh)
        {
            if (_began && !pages.CanRepeat)
                throw new RefusedException(
                    $"{waf.Issuer} gave no refresh token; ask for one by --waf-scope \"{scope} offline_access\".");
            _began = true;
            return await BySignInAsync(stop);
        }

        var (grant, next) = await waf.TokenAsync(
            client, null, [("grant_type", "refresh_token"), ("refresh_token", refresh)], stop);
        // RFC 9700 §4.14.2: one that was used is not used again.
        _refresh = next ?? refresh;
        return grant;
    }

    public Task EndAsync(AccessGrant last, CancellationToken stop) => Task.CompletedTask;

    async Task<AccessGrant> BySignInAsync(CancellationToken stop)
    {
        var endpoint = waf.AuthorizationEndpoint ?? throw new RefusedException($"{waf.Issuer} signs nobody in: it has no login.");
        var (verifier, state) = (Draw(), Draw());
        var query = string.Join('&', new (string Name, string Value)[]
        {
            ("client_id", client), ("response_type", "code"), ("redirect_uri", redirect.OriginalString), ("scope", scope),
            ("state", state), ("code_challenge", Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            ("code_challenge_method", "S256"),
        }.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));
        var back = HttpUtility.ParseQueryString((await pages.TurnAsync(new($"{endpoint}?{query}"), redirect, stop)).Query);
        if (back["error"] is { } error)
            throw new RefusedException(
                $"{waf.Issuer} does not sign in: {AccessAnswer.Shown(error + ": " + back["error_description"])}.");
        // RFC 6749 §10.12 and RFC 9207 §2.4: an answer to somebody else's question, or of somebody else.
        var isOurs = back["iss"] is not { } iss || Uri.TryCreate(iss, UriKind.Absolute, out var from) && from == waf.Issuer;
        if (back["state"] != state || !isOurs)
            throw new RefusedException("The login's answer is not to this client's question.");
        if (back["code"] is not { } code) throw new RefusedException($"{waf.Issuer} answers the login with no code.");
        (string, string)[] form =
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect.OriginalString),
            ("code_verifier", verifier),
        ];
        (var grant, _refresh) = await waf.TokenAsync(client, null, form, stop);
        return grant;
    }

    /// <summary>RFC 7636 §4.1: 43 letters of 256 random bits.</summary>
    static string Draw()
    {
        Span<byte> bytes = stackalloc byte[32];
        new SystemRandom().Fill(bytes);
        return Encode(bytes);
    }

    static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
