using Portunus.Bedrock;

namespace Portunus.Stun;

/// <summary>One attribute of a message, as it stands there (RFC 8489 §14).</summary>
public readonly ref struct StunAttribute
{
    internal StunAttribute(AttributeType type, ReadOnlySpan<byte> value, int valueAt)
    {
        Type = type;
        Value = value;
        ValueAt = valueAt;
    }

    public AttributeType Type { get; }

    /// <summary>Without padding.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Where the value begins in the message.</summary>
    public int ValueAt { get; }

    /// <summary>Reads the value as an XORed address; false when it is none.</summary>
    public bool TryReadXorAddress(in TransactionId transactionId, out TransportAddress address) =>
        XorAddress.TryRead(Value, transactionId, out address);

    /// <summary>The longest ORIGIN: "https://", a DNS name of 253 characters and a port.</summary>
    public const int MostOrigin = 267;

    /// <summary>Reads ORIGIN (draft-ietf-tram-stun-origin): where a client's page or service is from, as its browser writes it (RFC 6454
    /// §6.2). It is said and not proved. False for another attribute, and for one that is empty or longer than any.</summary>
    public bool TryReadOrigin(out ReadOnlySpan<byte> origin)
    {
        origin = Value;
        return Type == AttributeType.Origin && Value.Length is > 0 and <= MostOrigin;
    }
}
