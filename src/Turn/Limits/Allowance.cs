using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary><see cref="CredentialLimits"/> made ready to be asked. Immutable; one is shared by all who have the same
/// limits.</summary>
public sealed class Allowance
{
    readonly AddressSet? _ipv4;
    readonly AddressSet? _ipv6;

    /// <exception cref="ArgumentException">A range is none, or the number is negative; the message says which.</exception>
    public Allowance(CredentialLimits limits)
    {
        if (limits.MaxAllocations < 0) throw new ArgumentException("The limit of allocations must not be below 0.");
        if (limits.MaxKbps < 1 || limits.MaxPps < 1) throw new ArgumentException("A limit of bandwidth must be at least 1.");
        MaxAllocations = limits.MaxAllocations;
        Bandwidth = new(limits.MaxKbps, limits.MaxPps);
        if (limits.Peers.Count == 0) return;
        var ranges = limits.Peers.Select(Read).ToArray();
        _ipv4 = AddressSet.Of(IPFamily.IPv4, ranges, [], []);
        _ipv6 = AddressSet.Of(IPFamily.IPv6, ranges, [], []);
    }

    /// <summary>Allocations at a time; null for what the server allows anyone.</summary>
    public int? MaxAllocations { get; }

    /// <summary>What its holder may relay in a second.</summary>
    internal BandwidthLimit Bandwidth { get; }

    /// <summary>Null where the limits say nothing, so that nobody pays for asking.</summary>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static Allowance? Of(CredentialLimits limits) =>
        limits.IsNone ? null : new(limits);

    /// <summary>Whether an address is among the peers; one that carries an IPv4 address must be so twice, as for the server's own
    /// rules.</summary>
    internal bool Admits(in TransportAddress peer)
    {
        if (_ipv4 is null || _ipv6 is null) return true;
        if (!(peer.Family == IPFamily.IPv4 ? _ipv4 : _ipv6).Contains(peer.AddressBits)) return false;
        foreach (var inner in EmbeddedIPv4.In(peer))
            if (!_ipv4.Contains(inner))
                return false;
        return true;
    }

    static AddressRange Read(string text) =>
        AddressRange.TryParse(text, out var range)
            ? range
            : throw new ArgumentException($"'{text}' is not a range of addresses; write one like 10.0.0.0/8 or fd00::/8.");
}
