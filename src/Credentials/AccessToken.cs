using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>What an access token of RFC 7635 §6.2 says once it is opened: a key for MESSAGE-INTEGRITY, and for how
/// long.</summary>
/// <param name="MacKey">A secret of 20 bytes, for MESSAGE-INTEGRITY, or of 32, for MESSAGE-INTEGRITY-SHA256.</param>
/// <param name="IssuedAt">Unix seconds; the fraction that the token has beside them does not count.</param>
/// <param name="Lifetime">Seconds, 1 to <see cref="LongestLifetime"/>.</param>
/// <param name="Id">The first 8 bytes of the AEAD nonce: the registration or the grant that the token was made for.</param>
public sealed record AccessToken(Bytes MacKey, long IssuedAt, uint Lifetime, Bytes Id)
{
    /// <summary>Seconds that two clocks may be apart (RFC 7635 §5: "Delta").</summary>
    public const int Delta = 5;

    /// <summary>A day, in seconds: more says that an authorization server is not well.</summary>
    public const uint LongestLifetime = 86_400;

    /// <summary>Bytes of a sealed token beyond which none is read; one with a key of 32 bytes has 76.</summary>
    public const int MostSealed = 255;

    /// <summary>Unix seconds, the first at which it counts no more: RFC 7635 §5 wants lifetime + Delta &gt; now -
    /// timestamp.</summary>
    public long EndsAt => IssuedAt + Lifetime + Delta;

    /// <summary>Whether it counts at a moment. RFC 7635 compares absolute values, which would take one that is dated far ahead:
    /// here it may be ahead by Delta.</summary>
    public bool IsFresh(long unixSeconds) => unixSeconds < EndsAt && IssuedAt <= unixSeconds + Delta;

    /// <summary>Seconds for which an allocation may live on it: RFC 7635 §9 advises lifetime + Delta - abs(now - timestamp), and
    /// wants no more than the lifetime.</summary>
    public long Remaining(long unixSeconds) => Math.Min(Lifetime, Lifetime + Delta - Math.Abs(unixSeconds - IssuedAt));

    public override string ToString() => $"{nameof(AccessToken)} of {IssuedAt} for {Lifetime} s";
}
