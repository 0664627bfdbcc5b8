using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Portunus.Credentials;
using Portunus.Store.Access;

namespace Portunus.Waf.Turn;

/// <summary>
/// <c>GET /.well-known/stun-key?service=stun&amp;name=...</c> (RFC 7635 §4.1.1): a TURN server fetches its key, with a
/// certificate that has its name. The listener has held the certificate against the operator's authority.
/// </summary>
sealed class StunKeyEndpoint(WafSettings settings, TurnKeys keys, ILogger<StunKeyEndpoint> log)
{
    public const string Path = "/.well-known/stun-key";

    // RFC 5280 §4.2.1.6
    const string AlternativeNames = "2.5.29.17";

    public async Task ServeAsync(HttpContext context)
    {
        var (service, name) = (context.Request.Query["service"].ToString(), context.Request.Query["name"].ToString());
        if (service != "stun" || name.Length == 0)
        {
            await RefuseAsync(context, 400, "The query is service=stun and the name of the server.");
            return;
        }

        if (context.Connection.ClientCertificate is not { } certificate || !HasName(certificate, name))
        {
            await RefuseAsync(context, 403, "The name must be a dNSName of the client's certificate.");
            return;
        }

        if (!settings.MayFetch(name))
        {
            await RefuseAsync(context, 403, "This authorization server makes no tokens for servers of that name.");
            return;
        }

        var shown = await keys.FetchAsync(name, context.RequestAborted);
        WafLog.TurnKeyHandedOut(log, shown[0].Id, name);
        // The RFC knows one key. A server that starts while two overlap needs the older one, too: a member of our own.
        var answer = Describe(shown[0]);
        if (shown.Length > 1) answer["others"] = shown.Skip(1).Select(Describe).ToArray();
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer), context.RequestAborted);
    }

    static Dictionary<string, object> Describe(KeyRecord key) => new()
    {
        // RFC 7518 §6.4.1 and RFC 7519's NumericDate: when nothing sealed under it is good any more.
        ["k"] = Base64UrlEncoder.Encode(key.Value), ["exp"] = key.KeptUntil, ["kid"] = key.Id,
        ["enc"] = TokenAlgorithm.A256Gcm.Name(),
    };

    static bool HasName(X509Certificate2 certificate, string name) => certificate.Extensions
        .Where(extension => extension.Oid?.Value == AlternativeNames)
        .SelectMany(extension => new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames())
        // As it is written: a wildcard certificate has no server's name.
        .Contains(name, StringComparer.OrdinalIgnoreCase);

    static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
