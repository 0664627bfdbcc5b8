using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portunus.Nodes.Web;

namespace Portunus.Nodes.Admin;

/// <summary>Who may ask the admin listener what.</summary>
/// <param name="settings">Of the node.</param>
sealed class AdminGuard(AdminSettings settings)
{
    // Compared as hashes: all of one length, in constant time.
    readonly byte[]? _token = settings.Token is { } token ? Hash(token) : null;

    /// <summary>On loopback alone health and metrics are open: whoever is on the machine sees more than they tell.</summary>
    public bool IsOpen { get; } = settings.Listen.EndPoints.All(endPoint => IPAddress.IsLoopback(endPoint.Address));

    /// <summary>
    /// Whether the request means us: a page that a stranger's DNS points here sends the stranger's name. Through a proxy nobody
    /// comes; it would make everybody local.
    /// </summary>
    public bool IsForUs(HttpRequest request)
    {
        if (IsOpen) return LoopbackGuard.Refusal(request) is null;
        var host = request.Host.Host;
        return IPAddress.TryParse(host, out _)
            || settings.Certificate is { } certificate && certificate.Current.TargetCertificate.MatchesHostname(host);
    }

    /// <summary>RFC 6750 §2.1.</summary>
    public bool HasBearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return _token is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), _token);
    }

    static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
