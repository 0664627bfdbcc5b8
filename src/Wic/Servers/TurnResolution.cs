using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Wic;

/// <summary>
/// From a TURN URI to the servers to try (RFC 5928 §3): by S-NAPTR (RFC 3958), SRV (RFC 2782) and addresses, as far as the URI
/// leaves it open.
/// </summary>
/// <param name="uri">What is to be found.</param>
/// <param name="supported">What the client can speak, preferred first.</param>
/// <param name="random">For the weights of SRV.</param>
public sealed partial class TurnResolution(TurnUri uri, IReadOnlyList<TurnTransport> supported, IRandom random)
    : TurnSearch(random)
{
    int _followed;

    /// <summary>
    /// Whether only S-NAPTR counts, as for a domain that nobody named for its TURN servers: "if no TURN-specific S-NAPTR records can
    /// be retrieved, the discovery procedure fails for this domain name" (RFC 8155 §4.2).
    /// </summary>
    public bool IsByPointersOnly { get; init; }

    protected override IEnumerable<TurnServerAddress>? Search()
    {
        _followed = 0;
        return Filter() is { Count: > 0 } transports ? Resolve(transports) : null;
    }

    /// <summary>§3, before step 1: what is left of the client's transports.</summary>
    IReadOnlyList<TurnTransport> Filter() => (uri.Secure, uri.Transport) switch
    {
        (false, "udp") => [.. supported.Where(t => t == TurnTransport.Udp)],
        (false, "tcp") => [.. supported.Where(t => t == TurnTransport.Tcp)],
        (true, "tcp" or null) => [.. supported.Where(t => t == TurnTransport.Tls)],
        (false, null) => supported,
        _ => [],
    };

    IEnumerable<TurnServerAddress> Resolve(IReadOnlyList<TurnTransport> transports)
    {
        // Step 1.
        if (IPAddress.TryParse(uri.Host.AsSpan().Trim("[]"), out var address))
            return transports.Select(t => At(t, address, uri.Port ?? DefaultPort(t)));
        // Step 2.
        if (uri.Port is { } port) return transports.SelectMany(t => Addresses(uri.Host, t, port));
        // Step 3.
        if (uri.Transport is not null) return Services(uri.Host, transports[0]);
        // Step 4. Pointers of other applications are no answer to ours.
        var pointers = Pointers(uri.Host).ToArray();
        if (pointers.Any(IsRelay)) return pointers.SelectMany(p => InPreference(p, transports));
        if (IsByPointersOnly) return [];
        // Step 5.
        return transports.SelectMany(t => Services(uri.Host, t));
    }

    /// <summary>SRV, or addresses and the default port where there is none (steps 3 and 5).</summary>
    IEnumerable<TurnServerAddress> Services(string domain, TurnTransport transport)
    {
        var services = Ask(new($"{Service(transport)}.{domain}", DnsType.Srv));
        return services.Count == 0 ? Addresses(domain, transport, DefaultPort(transport)) : Targets(services, transport);
    }
}
