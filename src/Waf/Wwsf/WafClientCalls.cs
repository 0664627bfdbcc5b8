using System.Globalization;
using System.Text;
using System.Text.Json;
using Portunus.Store.Access;
using Portunus.Waf.Token;

namespace Portunus.Waf.Wwsf;

/// <summary>A token as the page gets it.</summary>
/// <param name="Value">A secret.</param>
/// <param name="ExpiresIn">Seconds.</param>
readonly record struct LeasedToken(string Value, int ExpiresIn)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"{nameof(LeasedToken)} for {ExpiresIn} s";
}

/// <summary>What a site asks its WAF, as a client with a secret.</summary>
sealed class WafClientCalls(WwsfSettings settings, HttpClient http)
{
    /// <summary>A SIP access token for a leased identity, or the reason why there is none.</summary>
    public async Task<(LeasedToken? Token, string? Reason)> AskAsync(Lease lease, CancellationToken stop)
    {
        try
        {
            using var response = await PostAsync(TokenEndpoint.Path, stop,
                ("grant_type", "client_credentials"), ("scope", $"{Scopes.Register} {Scopes.Turn}"),
                (TokenEndpoint.LeasedImpu, lease.Impu),
                (TokenEndpoint.LeaseEnds, lease.Until.ToString(CultureInfo.InvariantCulture)));
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(stop));
            var root = json.RootElement;
            if (!response.IsSuccessStatusCode)
            {
                var said = root.TryGetProperty("error", out var error) ? error.ToString() : $"status {(int)response.StatusCode}";
                return (null, said);
            }

            return (new(root.GetProperty("access_token").GetString()!, root.GetProperty("expires_in").GetInt32()), null);
        }
        catch (Exception e) when (IsOutside(e))
        {
            return (null, "it does not answer as an authorization server does");
        }
    }

    /// <summary>
    /// Ends a token (RFC 7009). The WAF being away is no reason not to end a lease: the token runs out with it.
    /// </summary>
    public async Task RevokeAsync(string token, CancellationToken stop)
    {
        try
        {
            using var response = await PostAsync(WafEndpoints.Revocation, stop, ("token", token));
        }
        catch (Exception e) when (IsOutside(e))
        {
            // As above.
        }
    }

    static bool IsOutside(Exception e) =>
        e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException
            or InvalidOperationException;

    async Task<HttpResponseMessage> PostAsync(string path, CancellationToken stop, params (string Name, string Value)[] form)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(settings.Waf, path))
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        // RFC 6749 §2.3.1
        var pair = $"{Uri.EscapeDataString(settings.ClientId)}:{Uri.EscapeDataString(settings.ClientSecret)}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        return await http.SendAsync(request, stop);
    }
}
