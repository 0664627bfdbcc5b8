namespace Portunus.Wic;

// S-NAPTR (RFC 3958 §2.2), as step 4 of RFC 5928 §3 uses it.
public sealed partial class TurnResolution
{
    const string Relay = "RELAY";

    /// <summary>A domain that points to another, and so on: more steps than this are a circle.</summary>
    const int MostSteps = 5;

    /// <summary>Pointers that one run follows: each of a thousand may lead to the same thousand again.</summary>
    const int MostFollowed = 256;

    IEnumerable<DnsRecord.Pointer> Pointers(string domain) => Ask(new(domain, DnsType.Naptr)).Cast<DnsRecord.Pointer>();

    /// <summary>Of one record's protocols, those that the client speaks, as it prefers them.</summary>
    IEnumerable<TurnServerAddress> InPreference(DnsRecord.Pointer pointer, IReadOnlyList<TurnTransport> transports) =>
        transports.Where(t => Serves(pointer, t)).SelectMany(t => Follow(pointer, t, MostSteps));

    IEnumerable<TurnServerAddress> Follow(DnsRecord.Pointer pointer, TurnTransport transport, int steps)
    {
        if (steps == 0 || pointer.Replacement.Length == 0 || ++_followed > MostFollowed) return [];
        return pointer.Flags.ToLowerInvariant() switch
        {
            "" => Pointers(pointer.Replacement)
                .Where(next => Serves(next, transport))
                .SelectMany(next => Follow(next, transport, steps - 1)),
            "s" => Targets(Ask(new(pointer.Replacement, DnsType.Srv)), transport),
            "a" => Addresses(pointer.Replacement, transport, DefaultPort(transport)),
            _ => [],
        };
    }

    static bool IsRelay(DnsRecord.Pointer pointer) =>
        pointer.Expression.Length == 0 && Tags(pointer)[0].Equals(Relay, StringComparison.OrdinalIgnoreCase);

    static bool Serves(DnsRecord.Pointer pointer, TurnTransport transport) => IsRelay(pointer)
        && Tags(pointer).Skip(1).Contains($"turn.{transport.ToString().ToLowerInvariant()}", StringComparer.OrdinalIgnoreCase);

    static string[] Tags(DnsRecord.Pointer pointer) => pointer.Services.Split(':');
}
