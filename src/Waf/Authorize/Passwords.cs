using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portunus.Store.Access;

namespace Portunus.Waf.Authorize;

/// <summary>Makes and checks password hashes (PBKDF2 with HMAC-SHA-512, as ASP.NET Core Identity writes them).</summary>
public sealed class Passwords
{
    readonly PasswordHasher<string> _hasher;
    readonly Lazy<string> _decoy;

    /// <param name="rounds">Of PBKDF2, in what is hashed from now on.</param>
    public Passwords(int rounds)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));
        _decoy = new(() => Hash("", Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
    }

    /// <summary>Whether a text has the form of a hash that this makes: its version, and room for a salt and a key.</summary>
    public static bool IsHash(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        // Version 1, an algorithm, rounds and a length of 4 bytes each, a salt of 16 and a key of 32.
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= 1 + 12 + 16 + 16 && bytes[0] == 1;
    }

    public string Hash(string user, string password) => _hasher.HashPassword(user, password);

    /// <summary>Whether the password is this user's. Nobody costs as much time as somebody, so time tells no names.</summary>
    public bool Check(UserRecord? user, string password) =>
        _hasher.VerifyHashedPassword(user?.Name ?? "", user?.PasswordHash ?? _decoy.Value, password)
            != PasswordVerificationResult.Failed
        && user is not null;
}
