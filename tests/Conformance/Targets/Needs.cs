namespace Portunus.Tests.Conformance.Targets;

/// <summary>What a check asks of its target; where the target does not have it, the verdict is "not offered".</summary>
[Flags]
enum Needs
{
    None = 0,

    /// <summary>Each message alone in a datagram.</summary>
    Datagrams = 1,

    /// <summary>TCP or TLS.</summary>
    Stream = 1 << 1,

    /// <summary>An IPv6 relay address.</summary>
    Ipv6Relay = 1 << 2,

    /// <summary>A peer that the target refuses.</summary>
    DeniedPeer = 1 << 3,

    /// <summary>A second user of the same realm.</summary>
    SecondUser = 1 << 4,

    /// <summary>A user with a quota of allocations.</summary>
    Quota = 1 << 5,

    /// <summary>An instance with hardly any relay ports.</summary>
    FewPorts = 1 << 6,

    /// <summary>A key of access tokens (RFC 7635).</summary>
    Token = 1 << 7,

    /// <summary>Mobility switched on (RFC 8016).</summary>
    Mobility = 1 << 8,

    /// <summary>TCP allocations switched on (RFC 6062).</summary>
    TcpRelay = 1 << 9,

    /// <summary>Two relayed addresses for one allocation (RFC 8656 §7.2 step 9).</summary>
    Dual = 1 << 10,

    /// <summary>Names as hashes (RFC 8489 §9.2).</summary>
    Userhash = 1 << 11,

    /// <summary>ICMP errors reported to clients (RFC 8656 §11.5).</summary>
    Icmp = 1 << 12,

    /// <summary>An instance that sends every client elsewhere (RFC 8489 §10).</summary>
    Redirect = 1 << 13,

    /// <summary>An instance without an IPv6 relay address.</summary>
    Ipv4Only = 1 << 14,

    /// <summary>A target whose SOFTWARE is not switched off (RFC 8489 §16.1.2).</summary>
    Software = 1 << 15,

    /// <summary>A listener of IPv6.</summary>
    Ipv6Client = 1 << 16,

    /// <summary>TLS over TCP.</summary>
    Tls = 1 << 17,

    /// <summary>DTLS over UDP.</summary>
    Dtls = 1 << 18,

    /// <summary>An instance without an IPv4 relay address.</summary>
    Ipv6Only = 1 << 19,

    /// <summary>More than ten seconds.</summary>
    Slow = 1 << 20,
}
