using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>
/// From a domain to the TURN servers that it lists by DNS Service Discovery (RFC 8155 §5, RFC 6763): PTR to instances, SRV and
/// addresses of each. TXT is not asked for: no key of it is defined for TURN.
/// </summary>
/// <param name="domain">Of the network, or <c>local</c> for Multicast DNS.</param>
/// <param name="supported">What the client can speak, preferred first.</param>
/// <param name="random">For the weights of SRV.</param>
public sealed class TurnBrowsing(string domain, IReadOnlyList<TurnTransport> supported, IRandom random) : TurnSearch(random)
{
    /// <summary>Instances of one service that are looked at: anyone in a network may list himself, and again.</summary>
    const int MostInstances = 8;

    protected override IEnumerable<TurnServerAddress> Search() => supported.SelectMany(Instances);

    IEnumerable<TurnServerAddress> Instances(TurnTransport transport)
    {
        var service = $"{Service(transport)}.{domain}";
        return Ask(new(service, DnsType.Ptr))
            .Cast<DnsRecord.Instance>()
            // RFC 6763 §4.1: <Instance> . <Service> . <Domain>. What is elsewhere is none of this service.
            .Where(instance => instance.Name.EndsWith($".{service}", StringComparison.OrdinalIgnoreCase))
            .Take(MostInstances)
            .SelectMany(instance => Targets(Ask(new(instance.Name, DnsType.Srv)), transport));
    }
}
