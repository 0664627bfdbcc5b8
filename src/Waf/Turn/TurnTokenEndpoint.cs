using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Waf.Token;

namespace Portunus.Waf.Turn;

/// <summary>
/// <c>POST /turn/token</c>: an access token of RFC 7635 for a user who was authenticated here. The form is that of the RFC's
/// appendix B, the answer is its JSON made valid.
/// </summary>
sealed class TurnTokenEndpoint(
    WafSettings settings, TurnKeys keys, TurnGrants grants, TimeProvider time, ILogger<TurnTokenEndpoint> log)
{
    public const string Path = "/turn/token";

    public async Task ServeAsync(HttpContext context)
    {
        var shown = await context.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        if (shown.Principal is not { } bearer)
        {
            await RefuseAsync(context, 401, "invalid_token", "Show a SIP access token of this server that still counts.");
            return;
        }

        if (!bearer.HasScope(Scopes.Turn))
        {
            await RefuseAsync(context, 403, "insufficient_scope", "The access token does not have the scope turn.");
            return;
        }

        // Who gave a relay to just anybody would run an open relay: in scenario 1 nobody has authenticated the user but the IMS.
        if (bearer.GetScenario() is not (2 or 3) || bearer.GetImpus() is not [var impu, ..])
        {
            await RefuseAsync(
                context, 403, "insufficient_scope",
                "Nobody has authenticated the user here. In registration scenario 1 the IMS does it, by SIP: ask the eP-CSCF for "
                + "the TURN credential, in a REGISTER.");
            return;
        }

        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, 400, "invalid_request", "Send a form: aud, grant_type=implicit, token_type=pop, alg.");
            return;
        }

        await GrantAsync(context, bearer, impu, await context.Request.ReadFormAsync(context.RequestAborted));
    }

    async Task GrantAsync(HttpContext context, ClaimsPrincipal bearer, string impu, IFormCollection form)
    {
        var (server, alg) = (form["aud"].ToString(), form["alg"].ToString());
        if (Wrong(form, alg) is { } wrong)
        {
            await RefuseAsync(context, 400, "invalid_request", wrong);
            return;
        }

        if (await keys.FindSealingKeyAsync(server, context.RequestAborted) is not { } key)
        {
            // RFC 7635 §4: an authorization server knows its STUN servers; RFC 8707 §2 has the name of the error.
            await RefuseAsync(context, 400, "invalid_target", "This authorization server has no key with that TURN server.");
            return;
        }

        var now = time.GetUtcNow();
        var rest = bearer.GetExpirationDate() is { } ends ? ends - now : TimeSpan.Zero;
        var lifetime = (uint)Math.Min(settings.TurnTokenLifetime.TotalSeconds, Math.Floor(rest.TotalSeconds));
        if (lifetime < 1)
        {
            await RefuseAsync(context, 401, "invalid_token", "The access token has run out.");
            return;
        }

        var tokenId = bearer.GetTokenId() ?? "";
        var (nonce, id) = await grants.NextAsync(
            tokenId, tokenEnds: now.ToUnixTimeSeconds() + (long)rest.TotalSeconds,
            grant => new(
                grant, tokenId, bearer.GetClaim("sub")!, impu, bearer.GetClaim("client_id") ?? "", server,
                now.ToUnixTimeSeconds() + lifetime + AccessToken.Delta),
            context.RequestAborted);
        var macKey = RandomNumberGenerator.GetBytes(alg is "" or "HMAC-SHA-1" ? TokenMacKey.Sha1Length : TokenMacKey.Sha256Length);
        TokenMacKey.Make(macKey);
        using TokenSeal seal = new(key, server);
        var token = seal.Seal(nonce, macKey, new(0, now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks), lifetime);
        WafLog.TurnTokenMade(log, id, bearer.GetClaim("sub")!, server);
        await WriteAsync(context, 200, new()
        {
            ["access_token"] = Convert.ToBase64String(token.Span), ["token_type"] = "pop", ["expires_in"] = lifetime,
            ["kid"] = key.Kid, ["key"] = Convert.ToBase64String(macKey), ["alg"] = alg.Length == 0 ? "HMAC-SHA-1" : alg,
        });
        CryptographicOperations.ZeroMemory(macKey);
    }

    static string? Wrong(IFormCollection form, string alg)
    {
        if (form["aud"].Count != 1 || form["aud"].ToString().Length is 0 or > 253) return "aud is the name of one TURN server.";
        if (form["grant_type"].ToString() is not ("" or "implicit")) return "grant_type is implicit (RFC 7635, appendix B).";
        if (form["token_type"].ToString() is not ("" or "pop")) return "token_type is pop (RFC 7635, appendix B).";
        return alg is "" or "HMAC-SHA-1" or "HMAC-SHA-256" or "HMAC-SHA-256-128" ? null : "alg is HMAC-SHA-1 or HMAC-SHA-256.";
    }

    static Task RefuseAsync(HttpContext context, int status, string error, string description)
    {
        // RFC 6750 §3; for what is wrong with the form, RFC 6749 §5.2.
        if (status != 400)
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"{error}\", error_description=\"{description}\"";
        return WriteAsync(context, status, new() { ["error"] = error, ["error_description"] = description });
    }

    static async Task WriteAsync(HttpContext context, int status, Dictionary<string, object> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(json), context.RequestAborted);
    }
}
