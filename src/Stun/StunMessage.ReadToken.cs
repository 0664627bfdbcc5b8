namespace Portunus.Stun;

// The attributes of RFC 7635 §6.
public readonly ref partial struct StunMessage
{
    /// <summary>The longest name of a DNS host; what is longer in THIRD-PARTY-AUTHORIZATION names no server.</summary>
    public const int MostServerName = 255;

    /// <summary>The name of the server, for which a token must be made (RFC 7635 §6.1); no NUL after it.</summary>
    public Reading ReadThirdPartyAuthorization(out ReadOnlySpan<byte> serverName)
    {
        var reading = ReadText(AttributeType.ThirdPartyAuthorization, out serverName);
        return reading == Reading.Present && serverName.Length is 0 or > MostServerName ? Malformed(out serverName) : reading;
    }

    /// <summary>The bytes of an access token (RFC 7635 §6.2), raw and not in base64. Any length: what opens it judges
    /// it.</summary>
    public Reading ReadAccessToken(out ReadOnlySpan<byte> token)
    {
        token = default;
        if (!TryGet(AttributeType.AccessToken, out var attribute)) return Reading.Absent;
        token = attribute.Value;
        return Reading.Present;
    }
}
