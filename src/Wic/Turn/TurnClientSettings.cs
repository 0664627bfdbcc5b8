using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Wic;

/// <summary>What a TURN client was given to relay with.</summary>
public sealed record TurnClientSettings
{
    /// <summary>As it stands in USERNAME; less than 509 bytes (RFC 8489 §14.3). Empty for a client that has a token
    /// only.</summary>
    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Taken instead of the password where the server offers third-party authorization (RFC 7635 §6.1).</summary>
    public IssuedToken? Token { get; init; }

    /// <summary>
    /// Whether a token will be given once the server has said its name (RFC 7635 §3, figure 2); else the client has what it has.
    /// </summary>
    public bool AwaitsToken { get; init; }

    /// <summary>What it asks for; the server answers what it gives (RFC 8656 §7.1).</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The family of the relay that it asks for (RFC 8656 §7.1); None leaves it to the server, which is IPv4.</summary>
    public IPFamily Family { get; init; }

    /// <summary>
    /// Whether it knows nothing of password algorithms, as clients of RFC 5389 and every browser do: MD5, and
    /// MESSAGE-INTEGRITY.
    /// </summary>
    public bool Rfc5389Only { get; init; }

    /// <summary>Without password and token.</summary>
    public override string ToString() => $"TURN client {Token?.Kid ?? Username}";
}
