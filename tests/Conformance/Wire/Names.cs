namespace Portunus.Tests.Conformance.Wire;

/// <summary>STUN methods, from IANA's registry.</summary>
static class Method
{
    public const int Binding = 0x001, Allocate = 0x003, Refresh = 0x004, Send = 0x006, Data = 0x007, CreatePermission = 0x008,
        ChannelBind = 0x009, Connect = 0x00A, ConnectionBind = 0x00B, ConnectionAttempt = 0x00C;

    public static string NameOf(int method) => method switch
    {
        Binding => nameof(Binding), Allocate => nameof(Allocate), Refresh => nameof(Refresh), Send => nameof(Send), Data => nameof(Data),
        CreatePermission => nameof(CreatePermission), ChannelBind => nameof(ChannelBind), Connect => nameof(Connect),
        ConnectionBind => nameof(ConnectionBind), ConnectionAttempt => nameof(ConnectionAttempt), _ => $"method 0x{method:x}",
    };
}

/// <summary>The two class bits of a message's type, in place (RFC 8489 §5).</summary>
static class Class
{
    public const int Request = 0x000, Indication = 0x010, Success = 0x100, Error = 0x110, Mask = 0x110;
}

/// <summary>STUN attributes, from IANA's registry.</summary>
static class Attr
{
    public const int MappedAddress = 0x0001, Username = 0x0006, Integrity = 0x0008, ErrorCode = 0x0009, UnknownAttributes = 0x000A,
        ChannelNumber = 0x000C, Lifetime = 0x000D, XorPeerAddress = 0x0012, Data = 0x0013, Realm = 0x0014, Nonce = 0x0015,
        XorRelayedAddress = 0x0016, RequestedAddressFamily = 0x0017, EvenPort = 0x0018, RequestedTransport = 0x0019,
        DontFragment = 0x001A, AccessToken = 0x001B, IntegritySha256 = 0x001C, PasswordAlgorithm = 0x001D, Userhash = 0x001E,
        XorMappedAddress = 0x0020, ReservationToken = 0x0022, ConnectionId = 0x002A,
        AdditionalAddressFamily = 0x8000, AddressErrorCode = 0x8001, PasswordAlgorithms = 0x8002, AlternateDomain = 0x8003,
        Icmp = 0x8004, Software = 0x8022, AlternateServer = 0x8023, Fingerprint = 0x8028, MobilityTicket = 0x8030,
        ThirdPartyAuthorization = 0x802E;

    /// <summary>Nobody's: of those that a receiver must comprehend, and of those that it may ignore.</summary>
    public const int UnknownRequired = 0x7FF3, UnknownOptional = 0xFFF3;
}

/// <summary>The values of an address family (RFC 8489 §14.1).</summary>
static class Family
{
    public const byte IPv4 = 1, IPv6 = 2;
}

/// <summary>The values of REQUESTED-TRANSPORT, from IANA's registry of protocol numbers.</summary>
static class Protocol
{
    public const byte Tcp = 6, Udp = 17;
}
