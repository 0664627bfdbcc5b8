namespace Portunus.Stun;

// The attribute of draft-ietf-tram-stun-origin, which is comprehension-optional.
public readonly ref partial struct StunMessage
{
    /// <summary>The longest ORIGIN: "https://", a DNS name of 253 characters and ":65535".</summary>
    public const int MostOrigin = 267;

    /// <summary>Where the page or service of a client is from, as its browser says it (RFC 6454 §6.2). It is said and not proved, by
    /// whoever sent the message; of several the first counts (RFC 8489 §14).</summary>
    public Reading ReadOrigin(out ReadOnlySpan<byte> origin)
    {
        origin = default;
        if (!TryGet(AttributeType.Origin, out var attribute)) return Reading.Absent;
        if (attribute.Value.Length is 0 or > MostOrigin) return Reading.Malformed;
        origin = attribute.Value;
        return Reading.Present;
    }
}
