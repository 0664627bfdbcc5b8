using System.Text;
using Portunus.Credentials;

namespace Portunus.Server;

/// <summary>Shared secrets as they stand in secret flags: <c>[sha1:|sha256:|sha384:|sha512:]SECRET</c>.</summary>
static class Secrets
{
    /// <param name="text">The value, already read out of its file or variable.</param>
    /// <param name="hash">As a flag of its own gives it; null takes the one before the colon, or SHA-1.</param>
    /// <exception cref="WrongUsageException">No secret.</exception>
    public static SharedSecret Read(string text, SecretHash? hash = null)
    {
        if (!SharedSecret.TryParse(text, out var secret))
            throw new WrongUsageException("--secret: nothing follows the hash; write [sha256:]SECRET.");
        if (hash is null || hash == secret.Hash) return secret;
        return HasPrefix(text)
            ? throw new WrongUsageException("--secret names another hash than --hash; leave one of them out.")
            : new(hash.Value, Encoding.UTF8.GetBytes(text));
    }

    static bool HasPrefix(string text) =>
        Enum.GetNames<SecretHash>().Any(name => text.StartsWith($"{name.ToLowerInvariant()}:", StringComparison.Ordinal));
}
