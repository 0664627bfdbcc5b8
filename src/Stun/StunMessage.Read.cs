using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

// The attributes of RFC 8489 §14 by what they hold.
public readonly ref partial struct StunMessage
{
    /// <summary>
    /// The longest text a receiver must take: 127 characters of six bytes, by the UTF-8 of RFC 2279 (RFC 8489 §14.3).
    /// </summary>
    public const int MostTextLength = 763;

    /// <summary>UTF-8 of at most 763 bytes; not checked to be UTF-8, since it is only compared.</summary>
    public Reading ReadUsername(out ReadOnlySpan<byte> username) => ReadText(AttributeType.Username, out username);

    public Reading ReadRealm(out ReadOnlySpan<byte> realm) => ReadText(AttributeType.Realm, out realm);

    public Reading ReadNonce(out ReadOnlySpan<byte> nonce) => ReadText(AttributeType.Nonce, out nonce);

    public Reading ReadSoftware(out ReadOnlySpan<byte> software) => ReadText(AttributeType.Software, out software);

    /// <summary>The 32 bytes of RFC 8489 §14.4.</summary>
    public Reading ReadUserHash(out ReadOnlySpan<byte> hash) => ReadFixed(AttributeType.UserHash, 32, out hash);

    public Reading ReadXorMappedAddress(out TransportAddress address) =>
        ReadXorAddress(AttributeType.XorMappedAddress, out address);

    public Reading ReadMappedAddress(out TransportAddress address) => ReadPlainAddress(AttributeType.MappedAddress, out address);

    public Reading ReadAlternateServer(out TransportAddress address) =>
        ReadPlainAddress(AttributeType.AlternateServer, out address);

    /// <summary>A DNS name of at most 255 bytes (RFC 8489 §14.16); not checked further.</summary>
    public Reading ReadAlternateDomain(out ReadOnlySpan<byte> domain)
    {
        var reading = ReadText(AttributeType.AlternateDomain, out domain);
        return domain.Length > 255 ? Malformed(out domain) : reading;
    }

    /// <summary>Code and reason phrase (RFC 8489 §14.8); any number of 300 to 699.</summary>
    public Reading ReadErrorCode(out ErrorCode code, out ReadOnlySpan<byte> reason)
    {
        code = default;
        reason = default;
        if (!TryGet(AttributeType.ErrorCode, out var attribute)) return Reading.Absent;
        return TryReadErrorCode(attribute.Value, out code, out reason) ? Reading.Present : Reading.Malformed;
    }

    /// <summary>The types that a server did not understand, as pairs of bytes for <see cref="UnknownAttributes"/>.</summary>
    public Reading ReadUnknownAttributes(out UnknownAttributes unknown)
    {
        unknown = default;
        if (!TryGet(AttributeType.UnknownAttributes, out var attribute)) return Reading.Absent;
        if (attribute.Value.Length % 2 != 0) return Reading.Malformed;
        unknown = new UnknownAttributes(attribute.Value);
        return Reading.Present;
    }

    /// <summary>The algorithm that the client chose (RFC 8489 §14.12), by its registered number.</summary>
    public Reading ReadPasswordAlgorithm(out ushort algorithm)
    {
        algorithm = 0;
        if (!TryGet(AttributeType.PasswordAlgorithm, out var attribute)) return Reading.Absent;
        var list = new PasswordAlgorithms(attribute.Value);
        // One entry and nothing after it; parameters, which no registered algorithm has, are passed over (RFC 8489 §18.5.1).
        if (!list.IsWellFormed || list.Count != 1) return Reading.Malformed;
        algorithm = list.First;
        return Reading.Present;
    }

    /// <summary>The algorithms that the server takes, best first (RFC 8489 §14.11).</summary>
    public Reading ReadPasswordAlgorithms(out PasswordAlgorithms algorithms)
    {
        algorithms = default;
        if (!TryGet(AttributeType.PasswordAlgorithms, out var attribute)) return Reading.Absent;
        algorithms = new PasswordAlgorithms(attribute.Value);
        return algorithms.IsWellFormed ? Reading.Present : Reading.Malformed;
    }

    internal static bool TryReadErrorCode(ReadOnlySpan<byte> value, out ErrorCode code, out ReadOnlySpan<byte> reason)
    {
        code = default;
        reason = default;
        // Class 3 to 6, number 0 to 99; the bits before them are ignored (RFC 8489 §14.8).
        if (value.Length is < 4 or > 4 + MostTextLength) return false;
        var (hundreds, number) = (value[2] & 0b111, value[3]);
        if (hundreds is < 3 or > 6 || number > 99) return false;
        code = (ErrorCode)((hundreds * 100) + number);
        reason = value[4..];
        return true;
    }

    static Reading Malformed(out ReadOnlySpan<byte> value)
    {
        value = default;
        return Reading.Malformed;
    }

    Reading ReadText(AttributeType type, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryGet(type, out var attribute)) return Reading.Absent;
        if (attribute.Value.Length > MostTextLength) return Reading.Malformed;
        text = attribute.Value;
        return Reading.Present;
    }

    Reading ReadFixed(AttributeType type, int length, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryGet(type, out var attribute)) return Reading.Absent;
        if (attribute.Value.Length != length) return Reading.Malformed;
        value = attribute.Value;
        return Reading.Present;
    }

    Reading ReadXorAddress(AttributeType type, out TransportAddress address)
    {
        address = default;
        if (!TryGet(type, out var attribute)) return Reading.Absent;
        return attribute.TryReadXorAddress(TransactionId, out address) ? Reading.Present : Reading.Malformed;
    }

    Reading ReadPlainAddress(AttributeType type, out TransportAddress address)
    {
        address = default;
        if (!TryGet(type, out var attribute)) return Reading.Absent;
        return MappedAddress.TryRead(attribute.Value, out address) ? Reading.Present : Reading.Malformed;
    }
}
