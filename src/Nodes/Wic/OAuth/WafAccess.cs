using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Nodes.Wic;

/// <summary>A WAF as a client sees it: its metadata (RFC 8414), its token endpoint, and its endpoint for TURN tokens.</summary>
sealed class WafAccess : IDisposable
{
    const string MetadataPath = "/.well-known/oauth-authorization-server";

    /// <summary>RFC 7635 leaves the place open (appendix B shows one); no metadata name it.</summary>
    const string TurnTokenPath = "/turn/token";

    readonly Timeline _timeline;

    WafAccess(Uri issuer, AccessHttp http, Timeline timeline) => (Issuer, Http, _timeline) = (issuer, http, timeline);

    public Uri Issuer { get; }

    public AccessHttp Http { get; }

    /// <summary>Null where it has none.</summary>
    public Uri? AuthorizationEndpoint { get; private set; }

    public Uri TokenEndpoint { get; private set; } = null!;

    /// <summary>Asks it for its metadata.</summary>
    /// <exception cref="RefusedException">It has none, or they are another's.</exception>
    public static async Task<WafAccess> DiscoverAsync(Uri issuer, W2Trust trust, Timeline timeline, CancellationToken stop)
    {
        var waf = new WafAccess(issuer, new(trust, "--waf", "the WAF"), timeline);
        try
        {
            await timeline.StepAsync("discover", () => waf.DiscoverAsync(stop), _ => $"{issuer}");
            return waf;
        }
        catch
        {
            waf.Dispose();
            throw;
        }
    }

    /// <summary>Asks the token endpoint, as a step.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="secret">Null for a public client.</param>
    /// <param name="form">Of the grant.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="RefusedException">There is none; the WAF's own words say why.</exception>
    public Task<(AccessGrant Grant, string? Refresh)> TokenAsync(
        string client, string? secret, IReadOnlyList<(string Name, string Value)> form, CancellationToken stop) =>
        _timeline.StepAsync(
            "token",
            async () =>
            {
                var answer = secret is null
                    ? await Http.PostAsync(TokenEndpoint, [("client_id", client), .. form], stop)
                    : await Http.PostAsync(TokenEndpoint, client, secret, form, stop);
                if (!answer.IsSuccess) throw new RefusedException($"{Issuer} gives no access token: {answer.Reason}.");
                var json = answer.Json;
                var grant = AccessGrant.Read(json) ?? throw Strange("token response");
                return (grant, json.Text("refresh_token"));
            },
            token => $"{token.Item1}");

    /// <summary>Asks for a TURN token (RFC 7635 appendix B, as JSON), as a step.</summary>
    /// <exception cref="RefusedException">There is none; the WAF's own words say why.</exception>
    public Task<IssuedToken> TurnTokenAsync(string token, string server, CancellationToken stop) => _timeline.StepAsync(
        "turn-token",
        async () =>
        {
            (string, string)[] form =
            [
                ("aud", server), ("timestamp", $"{SystemClock.Now.UnixSeconds}"), ("grant_type", "implicit"),
                ("token_type", "pop"), ("alg", "HMAC-SHA-256"),
            ];
            var answer = await Http.SendAsync(HttpMethod.Post, new(Issuer, TurnTokenPath), token, form, stop);
            if (!answer.IsSuccess) throw new RefusedException($"{Issuer} gives no token for {server}: {answer.Reason}.");
            return Read(answer.Json, server) ?? throw Strange("TURN token");
        },
        made => $"kid {AccessAnswer.Shown(made.Kid)} for {server}, {made.Lifetime} s");

    /// <summary>The two clocks when they are further apart than a TURN server allows; null else.</summary>
    public string? ClocksApart => Http.Ahead is { } ahead && ahead.Duration() > TimeSpan.FromSeconds(AccessToken.Delta)
        ? $"the clocks of {Issuer} and of this machine are apart by {ahead.Duration().TotalSeconds:0} s"
        : null;

    public void Dispose() => Http.Dispose();

    async Task<bool> DiscoverAsync(CancellationToken stop)
    {
        var answer = await Http.GetAsync(new(Issuer, MetadataPath), stop);
        if (!answer.IsSuccess)
            throw new RefusedException($"{Issuer} is no authorization server ({answer.Reason}); give --waf the issuer's URL.");
        var json = answer.Json;
        // RFC 8414 §3.3: else one server could speak for another.
        if (json.Text("issuer") is not { } said || !Uri.TryCreate(said, UriKind.Absolute, out var issuer) || issuer != Issuer)
            throw new RefusedException(
                $"{Issuer} says that it is another issuer ({AccessAnswer.Shown(json.Text("issuer") ?? "none")}).");
        TokenEndpoint = Endpoint(json, "token_endpoint") ?? throw Strange("metadata");
        AuthorizationEndpoint = Endpoint(json, "authorization_endpoint");
        return true;
    }

    /// <summary>Null for one that is not there, or whose way is less safe than the issuer's.</summary>
    Uri? Endpoint(in JsonElement json, string name) =>
        Uri.TryCreate(json.Text(name), UriKind.Absolute, out var uri) && uri.Scheme == Issuer.Scheme ? uri : null;

    static IssuedToken? Read(in JsonElement json, string server)
    {
        if (json.Text("kid") is not { } kid || json.Seconds("expires_in") is not { } lifetime) return null;
        var token = new IssuedToken(
            kid, Decode(json.Text("key")), Decode(json.Text("access_token")), server, (uint)lifetime.TotalSeconds);
        return token.IsWellFormed ? token : null;
    }

    static Bytes Decode(string? text) =>
        text is not null && System.Buffers.Text.Base64.IsValid(text) ? Bytes.Copy(Convert.FromBase64String(text)) : Bytes.Empty;

    RefusedException Strange(string what) => new($"{Issuer} answers with a {what} that cannot be read.");
}
