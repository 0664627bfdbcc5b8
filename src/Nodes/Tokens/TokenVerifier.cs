using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portunus.Epcscf;
using Portunus.Nodes.Outside;

namespace Portunus.Nodes.Tokens;

/// <summary>
/// Verifies access tokens for edges: a JWT (RFC 9068) by the keys of its issuer, anything else, and what is to be looked at
/// again, by introspection where the issuer offers it. For many threads.
/// </summary>
/// <remarks>
/// What is taken is fixed, whatever a token says of itself: type <c>at+jwt</c>, algorithm ES256, an issuer of the list, one
/// audience (RFC 8725 §3). Two clocks may be 5 s apart.
/// </remarks>
public sealed class TokenVerifier : ITokenVerifier, IDisposable
{
    /// <summary>More bytes than a header line may have; what is longer is no token of anybody here.</summary>
    const int MostCharacters = 8192;

    /// <summary>Bytes of a key set or of an introspection.</summary>
    const int MostAnswer = 256 * 1024;

    static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MostCharacters };
    readonly Dictionary<string, (AuthorizationServer Settings, SigningKeys? Keys, Introspection? Introspection)> _issuers;
    readonly string _audience;
    readonly TimeProvider _clock;
    readonly HttpClient _http;

    /// <param name="issuers">Whose tokens are taken.</param>
    /// <param name="audience">For whom a token must be: this edge's realm.</param>
    /// <param name="handler">Reaches the WAFs; stays with the caller. Null for one that trusts the system's authorities.</param>
    /// <param name="clock">Null for the system's.</param>
    /// <exception cref="ArgumentException">An issuer that can neither be verified nor be asked, or one of plain HTTP.</exception>
    public TokenVerifier(
        IReadOnlyList<AuthorizationServer> issuers, string audience, HttpMessageHandler? handler = null, TimeProvider? clock = null)
    {
        (_audience, _clock) = (audience, clock ?? TimeProvider.System);
        _http = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: handler is null)
        {
            MaxResponseContentBufferSize = MostAnswer,
            Timeout = TimeSpan.FromSeconds(10),
        };
        foreach (var issuer in issuers) Check(issuer);
        _issuers = issuers.ToDictionary(issuer => issuer.Issuer, Open, StringComparer.Ordinal);
    }

    public async Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience)
    {
        try
        {
            return await JudgeAsync(token, isRecheck, patience);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            // The WAF is down, slow, or not well.
            return new EdgeAnswer.NotVerified(TokenFault.Unavailable);
        }
    }

    public void Dispose() => _http.Dispose();

    async Task<EdgeAnswer> JudgeAsync(string token, bool isRecheck, CancellationToken patience)
    {
        if (token.Length > MostCharacters) return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        if (!TryRead(token, out var read))
        {
            // It says nothing of itself: whose it is only its issuer knows, and there is one to ask.
            var asked = _issuers.Values.FirstOrDefault(one => one.Introspection is not null).Introspection;
            return asked is null ? new EdgeAnswer.NotVerified(TokenFault.Invalid) : await asked.AskAsync(token, patience);
        }

        if (!_issuers.TryGetValue(read!.Issuer, out var issuer)) return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        if (issuer.Introspection is not null && (isRecheck || issuer.Keys is null))
            return await issuer.Introspection.AskAsync(token, patience);
        return await VerifyAsync(read, issuer.Settings, issuer.Keys!, patience);
    }

    async Task<EdgeAnswer> VerifyAsync(JsonWebToken token, AuthorizationServer issuer, SigningKeys keys, CancellationToken patience)
    {
        // Before a key is looked for: nobody fetches for what is refused anyway.
        if (token.Alg != SecurityAlgorithms.EcdsaSha256 || string.IsNullOrEmpty(token.Kid))
            return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        if (await keys.FindAsync(token.Kid, patience) is not { } key) return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        var result = await _handler.ValidateTokenAsync(token, Rules(issuer, key));
        if (!result.IsValid) return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        var now = _clock.GetUtcNow().UtcDateTime;
        // A token without exp has DateTime.MinValue there.
        if (token.ValidTo + Skew <= now) return new EdgeAnswer.NotVerified(TokenFault.Expired);
        if (token.ValidFrom > now + Skew) return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return TokenClaimReader.Read(payload.RootElement, issuer.Issuer, _audience) is { } claims
            ? new EdgeAnswer.Verified(claims)
            : new EdgeAnswer.NotVerified(TokenFault.Invalid);
    }

    TokenValidationParameters Rules(AuthorizationServer issuer, SecurityKey key) => new()
    {
        ValidIssuer = issuer.Issuer,
        ValidAudience = _audience,
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = ["at+jwt"],
        RequireSignedTokens = true,
        // Looked at here, by a clock that is given.
        ValidateLifetime = false,
    };

    /// <summary>Whether it has the form of a JWT that says whose it is; nothing of it is believed yet.</summary>
    bool TryRead(string token, out JsonWebToken? read)
    {
        read = null;
        if (!_handler.CanReadToken(token)) return false;
        try
        {
            read = _handler.ReadJsonWebToken(token);
            return !string.IsNullOrEmpty(read.Issuer);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException)
        {
            // The platform has no other way to say that it is none.
            return false;
        }
    }

    (AuthorizationServer, SigningKeys?, Introspection?) Open(AuthorizationServer issuer) => (
        issuer,
        issuer.Keys is { } keys ? new(keys, _http, _clock) : null,
        issuer.Introspection is not null ? new(issuer, _audience, _http, _clock) : null);

    static void Check(AuthorizationServer issuer)
    {
        if (issuer.Keys is null && issuer.Introspection is null)
            throw new ArgumentException($"{issuer} has neither keys nor introspection: nobody could verify its tokens.");
        foreach (var uri in new[] { issuer.Keys, issuer.Introspection })
            if (uri is not null && uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
                throw new ArgumentException($"{uri}: write https; only on this machine itself may it be plain.");
    }
}
