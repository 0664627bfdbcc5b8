namespace Portunus.Stun;

/// <summary>The registry of attribute types: RFC 8489 §18.3, RFC 8656 §18, and the code points of their extensions.</summary>
public enum AttributeType : ushort
{
    // Comprehension-required, 0x0000 to 0x7FFF.
    MappedAddress = 0x0001,
    ChangeRequest = 0x0003,             // RFC 5780
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    ChannelNumber = 0x000C,
    Lifetime = 0x000D,
    XorPeerAddress = 0x0012,
    Data = 0x0013,
    Realm = 0x0014,
    Nonce = 0x0015,
    XorRelayedAddress = 0x0016,
    RequestedAddressFamily = 0x0017,
    EvenPort = 0x0018,
    RequestedTransport = 0x0019,
    DontFragment = 0x001A,
    AccessToken = 0x001B,               // RFC 7635
    MessageIntegritySha256 = 0x001C,
    PasswordAlgorithm = 0x001D,
    UserHash = 0x001E,
    XorMappedAddress = 0x0020,
    ReservationToken = 0x0022,
    Padding = 0x0026,                   // RFC 5780
    ResponsePort = 0x0027,              // RFC 5780
    ConnectionId = 0x002A,              // RFC 6062

    // Comprehension-optional, 0x8000 to 0xFFFF.
    AdditionalAddressFamily = 0x8000,
    AddressErrorCode = 0x8001,
    PasswordAlgorithms = 0x8002,
    AlternateDomain = 0x8003,
    Icmp = 0x8004,
    Software = 0x8022,
    AlternateServer = 0x8023,
    Fingerprint = 0x8028,
    ResponseOrigin = 0x802B,            // RFC 5780
    OtherAddress = 0x802C,              // RFC 5780
    ThirdPartyAuthorization = 0x802E,   // RFC 7635
    Origin = 0x802F,                    // draft-ietf-tram-stun-origin
    MobilityTicket = 0x8030,            // RFC 8016
}

/// <summary>What the number of an attribute type says by itself.</summary>
public static class AttributeTypeExtensions
{
    /// <summary>True when a receiver that does not know the type cannot process the message (RFC 8489 §14).</summary>
    public static bool IsComprehensionRequired(this AttributeType type) => (ushort)type < 0x8000;
}
