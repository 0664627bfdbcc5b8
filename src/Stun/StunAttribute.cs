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
}
