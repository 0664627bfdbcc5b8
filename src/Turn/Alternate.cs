using System.Text;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Another server that clients are sent to: ALTERNATE-SERVER and ALTERNATE-DOMAIN (RFC 8489 §10, §14.15, §14.16).</summary>
/// <param name="Address">Where it listens. Clients of another family are sent there only by <paramref name="Other"/>.</param>
/// <param name="Other">Its address of the other family; null where it has none.</param>
/// <param name="IsSecure">Whether it takes TLS and DTLS there; else UDP and TCP. A client comes by the transport it has.</param>
/// <param name="Domain">A name of its certificate, where that is not this server's; null where it is.</param>
public sealed record Alternate(TransportAddress Address, TransportAddress? Other = null, bool IsSecure = false, string? Domain = null)
{
    // A DNS name has no more than 253 characters (RFC 1035 §3.1 less dots and root); beside the longest realm it still fits.
    const int LongestDomain = 253;

    /// <summary>What is wrong with it, in sentences.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (Address.Family == IPFamily.None || Address.Port == 0 || Other is { Family: IPFamily.None } or { Port: 0 })
            yield return "An alternate server must have an address and a port.";
        if (Other?.Family == Address.Family) yield return $"The alternate server {Address} has two addresses of one family.";
        if (Domain is not null && !IsSecure)
            yield return $"The alternate server {Address} has a domain, which is for TLS and DTLS alone.";
        if (Domain is { } domain && Encoding.UTF8.GetByteCount(domain) is 0 or > LongestDomain)
            yield return $"The domain of an alternate server must have 1 to {LongestDomain} bytes.";
    }

    /// <summary>Its address for a client on this path; null when that client cannot go there. RFC 8489 §10: "an IP address of the
    /// same address family as the source IP address of the request message".</summary>
    internal TransportAddress? For(in ClientPath path)
    {
        if (IsSecure != path.FiveTuple.Transport is ClientTransport.Tls or ClientTransport.Dtls) return null;
        var family = path.FiveTuple.Client.Family;
        return Address.Family == family ? Address : Other?.Family == family ? Other : null;
    }
}
