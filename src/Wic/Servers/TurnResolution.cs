using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Wic;

/// <summary>
/// From a TURN URI to the servers to try (RFC 5928 §3): by S-NAPTR (RFC 3958), SRV (RFC 2782) and addresses, as far as the URI
/// leaves it open.
/// </summary>
/// <remarks>
/// A run either asks or is done: it begins at the first step each time, with the answers that came so far. The order among SRV
/// records of one priority is drawn when they come, so that every run sees the same.
/// </remarks>
/// <param name="uri">What is to be found.</param>
/// <param name="supported">What the client can speak, preferred first.</param>
/// <param name="random">For the weights of SRV.</param>
public sealed partial class TurnResolution(TurnUri uri, IReadOnlyList<TurnTransport> supported, IRandom random)
{
    /// <summary>What a domain in good order needs is below ten; a domain in bad faith gets no more.</summary>
    const int MostQuestions = 32;

    /// <summary>More servers than anyone would wait for.</summary>
    const int MostServers = 16;

    readonly Dictionary<DnsQuestion, IReadOnlyList<DnsRecord>> _answers = [];
    DnsQuestion? _missing;
    int _followed;

    /// <summary>Goes as far as the answers reach.</summary>
    public ResolutionStep Run()
    {
        if (Filter() is not { Count: > 0 } transports) return new ResolutionStep.WrongTransport();
        (_missing, _followed) = (null, 0);
        TurnServerAddress[] found = [.. Resolve(transports).Distinct().Take(MostServers)];
        if (_missing is { } question && _answers.Count < MostQuestions) return new ResolutionStep.Ask(question);
        return found.Length > 0 ? new ResolutionStep.Found(found) : new ResolutionStep.NoServer();
    }

    /// <summary>The DNS answered; no records where it knows of none, or said nothing.</summary>
    public void OnAnswer(DnsQuestion question, IReadOnlyList<DnsRecord> records) => _answers[question] = question.Type switch
    {
        DnsType.Srv => InOrder(records.OfType<DnsRecord.Service>()),
        DnsType.Naptr => [.. records.OfType<DnsRecord.Pointer>().OrderBy(p => p.Order).ThenBy(p => p.Preference)],
        _ => [.. records.OfType<DnsRecord.Address>()],
    };

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
        // Step 5.
        return transports.SelectMany(t => Services(uri.Host, t));
    }

    /// <summary>SRV, or addresses and the default port where there is none (steps 3 and 5).</summary>
    IEnumerable<TurnServerAddress> Services(string domain, TurnTransport transport)
    {
        var name = transport switch
        {
            TurnTransport.Udp => $"_turn._udp.{domain}",
            TurnTransport.Tcp => $"_turn._tcp.{domain}",
            _ => $"_turns._tcp.{domain}",
        };
        var services = Ask(new(name, DnsType.Srv));
        return services.Count == 0 ? Addresses(domain, transport, DefaultPort(transport)) : Targets(services, transport);
    }

    IEnumerable<TurnServerAddress> Targets(IEnumerable<DnsRecord> services, TurnTransport transport) =>
        services.Cast<DnsRecord.Service>()
            .Where(service => service.Target.Length > 0)
            .SelectMany(service => Addresses(service.Target, transport, service.Port));

    /// <summary>IPv4 first: a relay is of IPv4 unless asked otherwise, and its server then has such an address.</summary>
    IEnumerable<TurnServerAddress> Addresses(string host, TurnTransport transport, ushort port) =>
        Ask(new(host, DnsType.A)).Concat(Ask(new(host, DnsType.Aaaa)))
            .Cast<DnsRecord.Address>()
            .Select(record => At(transport, record.Value, port));

    static TurnServerAddress At(TurnTransport transport, IPAddress address, ushort port) =>
        new(transport, TransportAddress.From(address, port));

    /// <summary>The answer, or nothing and a note of what is missing; the first such note is asked.</summary>
    IReadOnlyList<DnsRecord> Ask(DnsQuestion question)
    {
        if (_answers.TryGetValue(question, out var records)) return records;
        _missing ??= question;
        return [];
    }

    static ushort DefaultPort(TurnTransport transport) => (ushort)(transport == TurnTransport.Tls ? 5349 : 3478);

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
