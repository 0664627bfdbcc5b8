using System.Collections.Immutable;
using System.Text;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// What a server takes access tokens with (RFC 7635): its name, and the keys of its authorization servers by kid, of which two
/// may overlap for each. An immutable snapshot that workers share; each makes ciphers of its own.
/// </summary>
public sealed class TokenKeys
{
    /// <exception cref="ArgumentException">A name of 0 or more than 255 bytes or with a control character; a kid that is given
    /// twice.</exception>
    public TokenKeys(string serverName, IEnumerable<(TokenKey Key, Allowance? Allowance)> keys)
    {
        const int most = StunMessage.MostServerName;
        if (Encoding.UTF8.GetByteCount(serverName) is 0 or > most || serverName.Any(char.IsControl))
            throw new ArgumentException($"The server name must have 1 to {most} bytes; write a domain name.");
        (ServerName, Keys) = (serverName, [.. keys]);
        foreach (var (kid, count) in Keys.CountBy(key => key.Key.Kid))
            if (count > 1)
                throw new ArgumentException($"The kid '{kid}' is given twice; every key has its own.");
    }

    /// <summary>As THIRD-PARTY-AUTHORIZATION has it; tokens are made for this name alone.</summary>
    public string ServerName { get; }

    internal ImmutableArray<(TokenKey Key, Allowance? Allowance)> Keys { get; }

    public override string ToString() => $"{nameof(TokenKeys)} of {ServerName} ({Keys.Length} keys)";
}
