using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What came back for one message: the decision, and the bytes that it made.</summary>
sealed record TurnReply(Forward Forward, byte[] Bytes)
{
    public int Length => Bytes.Length;

    public StunClass Class => Parsed().Class;

    /// <summary>0 for a success.</summary>
    public int Code => Parsed() is var message && message.ReadErrorCode(out var code, out _) == Reading.Present ? (int)code : 0;

    public string? Realm => Parsed().ReadRealm(out var realm) == Reading.Present ? Text(realm) : null;

    public byte[]? Nonce => Parsed().ReadNonce(out var nonce) == Reading.Present ? nonce.ToArray() : null;

    public byte[]? Algorithms => Parsed().ReadPasswordAlgorithms(out var list) == Reading.Present ? list.Value.ToArray() : null;

    /// <summary>For which tokens are wanted; null where none are.</summary>
    public string? ServerName =>
        Parsed().ReadThirdPartyAuthorization(out var name) == Reading.Present ? Text(name) : null;

    public TransportAddress Relayed => Parsed().ReadXorRelayedAddress(out var address) == Reading.Present ? address : default;

    /// <summary>Every XOR-RELAYED-ADDRESS, in order.</summary>
    public TransportAddress[] AllRelayed
    {
        get
        {
            List<TransportAddress> all = [];
            var message = Parsed();
            foreach (var attribute in message)
                if (attribute.Type == AttributeType.XorRelayedAddress
                    && attribute.TryReadXorAddress(message.TransactionId, out var address))
                    all.Add(address);
            return [.. all];
        }
    }

    /// <summary>Why one of two families was not given.</summary>
    public (IPFamily Family, ErrorCode Code)? AddressError =>
        Parsed().ReadAddressErrorCode(out var family, out var code) == Reading.Present ? (family, code) : null;

    public TransportAddress Mapped => Parsed().ReadXorMappedAddress(out var address) == Reading.Present ? address : default;

    public TransportAddress Peer => Parsed().ReadXorPeerAddress(out var address) == Reading.Present ? address : default;

    public IcmpError? Icmp => Parsed().ReadIcmp(out var error) == Reading.Present ? error : null;

    public uint? Lifetime => Parsed().ReadLifetime(out var seconds) == Reading.Present ? seconds : null;

    /// <summary>MOBILITY-TICKET.</summary>
    public byte[]? Ticket => Parsed().TryGet(AttributeType.MobilityTicket, out var ticket) ? ticket.Value.ToArray() : null;

    /// <summary>CONNECTION-ID.</summary>
    public uint? Connection => Parsed().ReadConnectionId(out var id) == Reading.Present ? id : null;

    public StunMethod Method => Parsed().Method;

    public ulong? Token => Parsed().ReadReservationToken(out var token) == Reading.Present ? token : null;

    /// <summary>Every ALTERNATE-SERVER, in their order.</summary>
    public TransportAddress[] Alternates => [.. Plain(AttributeType.AlternateServer).Select(TurnStand.IP)];

    public string? AlternateDomain => Parsed().ReadAlternateDomain(out var domain) == Reading.Present ? Text(domain) : null;

    public Integrity Integrity => Parsed().Integrity;

    public bool HasFingerprint => Parsed().HasFingerprint;

    public AttributeType[] Unknown
    {
        get
        {
            if (Parsed().ReadUnknownAttributes(out var unknown) != Reading.Present) return [];
            var types = new AttributeType[unknown.Count];
            for (var i = 0; i < types.Length; i++) types[i] = unknown[i];
            return types;
        }
    }

    public SecurityFeatures Features
    {
        get
        {
            Assert.True(NonceCookie.TryRead(Nonce, out var features));
            return features;
        }
    }

    /// <summary>All addresses of a type in the form of MAPPED-ADDRESS.</summary>
    public string[] Plain(AttributeType type)
    {
        List<string> all = [];
        foreach (var attribute in Parsed())
            if (attribute.Type == type && MappedAddress.TryRead(attribute.Value, out var address))
                all.Add(address.ToString());
        return [.. all];
    }

    /// <summary>-1 when there is none.</summary>
    public int LengthOf(AttributeType type) => Parsed().TryGet(type, out var attribute) ? attribute.Value.Length : -1;

    public bool Has(AttributeType type) => Parsed().Has(type);

    public bool VerifiesWith(IntegrityKey key) => Parsed().Verify(key);

    StunMessage Parsed()
    {
        Assert.True(StunMessage.TryParse(Bytes, out var message, out var error), $"{Forward}: {error}");
        return message;
    }

    static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);
}
