using Portunus.Bedrock;

namespace Portunus.Assessment.Virtual;

/// <summary>Where everybody is in a world; in no block that a TURN server refuses as a peer.</summary>
static class Address
{
    /// <summary>Of clients, towards WWSF, WAF and edge.</summary>
    public const ushort W1Port = 6001, WafPort = 6002, W2Port = 6003;

    /// <summary>The first from which a client asks for a relay.</summary>
    public const ushort FirstRelayPort = 10_000;

    public static readonly TransportAddress
        Turn = TransportAddress.IPv4(0x0B000001, 3478),
        EdgeW2 = TransportAddress.IPv4(0x0D000001, 443),
        Core = TransportAddress.IPv4(0x0D000002, 5060),
        Waf = TransportAddress.IPv4(0x0E000001, 443),
        Wwsf = TransportAddress.IPv4(0x0E000002, 443);

    public static readonly TransportAddress EdgeMw = EdgeW2.WithPort(5060);

    /// <summary>The interface for credentials, or the control of a media gateway: the edge opens it.</summary>
    public static readonly TransportAddress EdgeTransfer = EdgeW2.WithPort(7000), TurnTransfer = Turn.WithPort(7443);

    /// <summary>The question of pull: the TURN server opens it.</summary>
    public static readonly TransportAddress TurnFetch = Turn.WithPort(7001), EdgeFetch = EdgeW2.WithPort(7444);

    /// <summary>WWSF to WAF.</summary>
    public static readonly TransportAddress WwsfSite = Wwsf.WithPort(7002);

    public static TransportAddress Client(int number) => TransportAddress.IPv4(0x0C000001 + (uint)number, 0);
}
