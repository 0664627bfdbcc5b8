using System.Text;

namespace Portunus.Credentials;

/// <summary>
/// A username that carries its own expiry, and the password that a shared secret makes of it: <c>expiry:opaque</c> and
/// base64(HMAC(secret, username)) (draft-uberti-behave-turn-rest §2.2). A TURN server keeps nothing of it.
/// </summary>
/// <param name="Username">As it goes into USERNAME.</param>
/// <param name="Password">A secret.</param>
/// <param name="Expiry">Unix seconds.</param>
public sealed record TimeLimitedCredential(string Username, string Password, long Expiry)
{
    /// <summary>The opaque part's bounds for those who mint; a verifier takes what others make.</summary>
    public const int FewestOpaque = 12, MostOpaque = 32;

    /// <param name="secret">Shared with the TURN servers.</param>
    /// <param name="expiry">Unix seconds, of 9 to 11 digits.</param>
    /// <param name="opaque">12 to 32 of [0-9a-z.], drawn per registration, so that it says nothing of a person.</param>
    /// <exception cref="ArgumentException">Another form.</exception>
    public static TimeLimitedCredential Mint(SharedSecret secret, long expiry, string opaque) =>
        IsOpaque(opaque)
            ? MintFor(secret, expiry, opaque)
            : throw new ArgumentException("The opaque part is 12 to 32 characters of [0-9a-z.].", nameof(opaque));

    /// <summary>Mints with the name of limits that the credential has at every TURN server: <c>opaque.profile</c>.</summary>
    /// <param name="secret">Shared with the TURN servers, which know the profile, too.</param>
    /// <param name="expiry">Unix seconds, of 9 to 11 digits.</param>
    /// <param name="opaque">As of the other, without a dot.</param>
    /// <param name="profile">Of [0-9a-z]; null for none. With the opaque part and the dot at most <see cref="MostOpaque"/>
    /// characters.</param>
    /// <exception cref="ArgumentException">Another form.</exception>
    public static TimeLimitedCredential Mint(SharedSecret secret, long expiry, string opaque, string? profile)
    {
        if (profile is null) return Mint(secret, expiry, opaque);
        return !opaque.Contains('.') && opaque.Length >= FewestOpaque && IsProfile(profile, opaque.Length)
            ? Mint(secret, expiry, $"{opaque}.{profile}")
            : throw new ArgumentException("The profile is too long for this opaque part, or not of [0-9a-z].", nameof(profile));
    }

    /// <summary>Whether a profile can follow opaque parts of a length.</summary>
    public static bool IsProfile(string profile, int opaqueLength) =>
        profile.Length > 0 && profile.Length <= MostOpaque - opaqueLength - 1
        && profile.AsSpan().IndexOfAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz") < 0;

    /// <summary>Mints for a user part of any form, as an operator may want it on the command line.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An expiry that has not 9 to 11 digits.</exception>
    public static TimeLimitedCredential MintFor(SharedSecret secret, long expiry, string user)
    {
        if (expiry is < 100_000_000 or > 99_999_999_999) throw new ArgumentOutOfRangeException(nameof(expiry));
        var username = $"{expiry}:{user}";
        Span<byte> password = stackalloc byte[SharedSecret.MostPasswordLength];
        var length = secret.WritePassword(Encoding.UTF8.GetBytes(username), password);
        return new(username, Encoding.ASCII.GetString(password[..length]), expiry);
    }

    /// <summary>Reads the expiry, Unix seconds, of a username of the form <c>^\d{9,11}:</c>; false for any other.</summary>
    public static bool TryReadExpiry(ReadOnlySpan<byte> username, out long expiry)
    {
        expiry = 0;
        var colon = username[..Math.Min(username.Length, 12)].IndexOf((byte)':');
        if (colon < 9) return false;
        foreach (var digit in username[..colon])
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            expiry = (10 * expiry) + digit - '0';
        }

        return true;
    }

    /// <summary>
    /// Splits <c>opaque.profile</c>, the part after the expiry: what follows the last dot names a profile of limits where both
    /// are of the form that edges mint. Any other name is its maker's own, and has no profile.
    /// </summary>
    public static bool TrySplitProfile(
        ReadOnlySpan<byte> user, out ReadOnlySpan<byte> opaque, out ReadOnlySpan<byte> profile)
    {
        opaque = user;
        profile = default;
        var dot = user.LastIndexOf((byte)'.');
        if (dot < FewestOpaque || dot == user.Length - 1 || user.Length > MostOpaque) return false;
        if (user.IndexOfAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz."u8) >= 0) return false;
        opaque = user[..dot];
        profile = user[(dot + 1)..];
        return true;
    }

    /// <summary>The key that a username has under a secret; every name has one, so the expiry is checked before.</summary>
    /// <param name="algorithm">That the client chose.</param>
    /// <param name="secret">One of those that are tried.</param>
    /// <param name="username">From USERNAME.</param>
    /// <param name="realm">The server's own, OpaqueString applied.</param>
    public static LongTermKey DeriveKey(
        PasswordAlgorithm algorithm, SharedSecret secret, ReadOnlySpan<byte> username, ReadOnlySpan<byte> realm)
    {
        Span<byte> password = stackalloc byte[SharedSecret.MostPasswordLength];
        var length = secret.WritePassword(username, password);
        return LongTermKey.Derive(algorithm, username, realm, password[..length]);
    }

    public override string ToString() => $"{nameof(TimeLimitedCredential)} {Username}";

    static bool IsOpaque(string text) =>
        text.Length is >= FewestOpaque and <= MostOpaque
        && text.AsSpan().IndexOfAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz.") < 0;
}
