using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Portunus.Epcscf;

namespace Portunus.Nodes.Tokens;

/// <summary>
/// Asks a WAF whether a token is good (RFC 7662): the one way for a token that says nothing itself, or that was revoked.
/// </summary>
/// <param name="issuer">With an introspection endpoint.</param>
/// <param name="audience">For whom a token must be.</param>
/// <param name="http">Stays with the caller.</param>
/// <param name="clock">The wall clock.</param>
sealed class Introspection(AuthorizationServer issuer, string audience, HttpClient http, TimeProvider clock)
{
    public async Task<EdgeAnswer> AskAsync(string token, CancellationToken patience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, issuer.Introspection);
        var form = new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "access_token" };
        if (issuer is { ClientId: { } id, ClientSecret: { } secret })
        {
            // RFC 6749 §2.3.1: each part is form-encoded before they are joined.
            var pair = Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}");
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(pair));
        }
        else if (issuer.ClientId is { } name)
        {
            form.Add("client_id", name);
        }

        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await http.SendAsync(request, patience);
        if (!response.IsSuccessStatusCode) return new EdgeAnswer.NotVerified(TokenFault.Unavailable);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(patience));
        var isActive = json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True;
        // Not active is all that a WAF says of an expired one as well (RFC 7662 §2.2).
        if (!isActive || TokenClaimReader.Read(json.RootElement, issuer.Issuer, audience) is not { } claims)
            return new EdgeAnswer.NotVerified(TokenFault.Invalid);
        return claims.Expires <= clock.GetUtcNow().ToUnixTimeSeconds()
            ? new EdgeAnswer.NotVerified(TokenFault.Expired)
            : new EdgeAnswer.Verified(claims);
    }
}
