using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>A search of the DNS for TURN servers; the ways to search differ in where they begin.</summary>
/// <remarks>
/// A run either asks or is done: it begins at the first step each time, with the answers that came so far. The order among SRV
/// records of one priority is drawn when they come, so that every run sees the same.
/// </remarks>
/// <param name="random">For the weights of SRV.</param>
public abstract class TurnSearch(IRandom random)
{
    /// <summary>What a domain in good order needs is below ten; a domain in bad faith gets no more.</summary>
    const int MostQuestions = 32;

    /// <summary>More servers than anyone would wait for.</summary>
    const int MostServers = 16;

    readonly Dictionary<DnsQuestion, IReadOnlyList<DnsRecord>> _answers = [];
    DnsQuestion? _missing;

    /// <summary>Goes as far as the answers reach.</summary>
    public ResolutionStep Run()
    {
        _missing = null;
        if (Search() is not { } servers) return new ResolutionStep.WrongTransport();
        TurnServerAddress[] found = [.. servers.Distinct().Take(MostServers)];
        if (_missing is { } question && _answers.Count < MostQuestions) return new ResolutionStep.Ask(question);
        return found.Length > 0 ? new ResolutionStep.Found(found) : new ResolutionStep.NoServer();
    }

    /// <summary>The DNS answered; no records where it knows of none, or said nothing.</summary>
    public void OnAnswer(DnsQuestion question, IReadOnlyList<DnsRecord> records) => _answers[question] = question.Type switch
    {
        DnsType.Srv => InOrder(records.OfType<DnsRecord.Service>()),
        DnsType.Naptr => [.. records.OfType<DnsRecord.Pointer>().OrderBy(p => p.Order).ThenBy(p => p.Preference)],
        DnsType.Ptr => [.. records.OfType<DnsRecord.Instance>()],
        _ => [.. records.OfType<DnsRecord.Address>().Where(record => IsOfOne(record.Value))],
    };

    /// <summary>The servers that the answers so far lead to; null where the client speaks none of the transports wanted.</summary>
    protected abstract IEnumerable<TurnServerAddress>? Search();

    /// <summary>The answer, or nothing and a note of what is missing; the first such note is asked.</summary>
    protected IReadOnlyList<DnsRecord> Ask(DnsQuestion question)
    {
        if (_answers.TryGetValue(question, out var records)) return records;
        _missing ??= question;
        return [];
    }

    protected IEnumerable<TurnServerAddress> Targets(IEnumerable<DnsRecord> services, TurnTransport transport) =>
        services.Cast<DnsRecord.Service>()
            .Where(service => service is { Target.Length: > 0, Port: > 0 })
            .SelectMany(service => Addresses(service.Target, transport, service.Port));

    /// <summary>IPv4 first: a relay is of IPv4 unless asked otherwise, and its server then has such an address.</summary>
    protected IEnumerable<TurnServerAddress> Addresses(string host, TurnTransport transport, ushort port) =>
        Ask(new(host, DnsType.A)).Concat(Ask(new(host, DnsType.Aaaa)))
            .Cast<DnsRecord.Address>()
            .Select(record => At(transport, record.Value, port));

    protected static TurnServerAddress At(TurnTransport transport, IPAddress address, ushort port) =>
        new(transport, TransportAddress.From(address, port));

    /// <summary>As SRV and DNS-SD name the service (RFC 5766 §6.1, RFC 8155 §5).</summary>
    protected static string Service(TurnTransport transport) => transport switch
    {
        TurnTransport.Udp => "_turn._udp",
        TurnTransport.Tcp => "_turn._tcp",
        _ => "_turns._tcp",
    };

    protected static ushort DefaultPort(TurnTransport transport) => (ushort)(transport == TurnTransport.Tls ? 5349 : 3478);

    /// <summary>A server has an address of its own; a name may lead to anything, and a link-local one says no link.</summary>
    static bool IsOfOne(IPAddress ip) => !ip.IsIPv6Multicast && !ip.IsIPv6LinkLocal && !ip.Equals(IPAddress.IPv6Any)
        && (ip.AddressFamily != AddressFamily.InterNetwork || ip.GetAddressBytes()[0] is > 0 and < 224);

    /// <summary>RFC 2782, "Usage rules": by priority, and by lot according to weight.</summary>
    List<DnsRecord> InOrder(IEnumerable<DnsRecord.Service> services)
    {
        var ordered = new List<DnsRecord>();
        foreach (var group in services.GroupBy(service => service.Priority).OrderBy(group => group.Key))
        {
            // Those of weight 0 first, so that they have a chance, too.
            var left = group.OrderBy(service => service.Weight != 0).ToList();
            while (left.Count > 0)
            {
                var lot = random.Next(left.Sum(service => service.Weight) + 1);
                var at = 0;
                for (int sum = left[0].Weight; sum < lot; sum += left[++at].Weight)
                {
                }

                ordered.Add(left[at]);
                left.RemoveAt(at);
            }
        }

        return ordered;
    }
}
