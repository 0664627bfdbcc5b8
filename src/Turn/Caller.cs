using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>Who proved to be the sender of a request: a credential and the key that it was proved with.</summary>
/// <remarks>RFC 8656 §6: the key is kept, never the password.</remarks>
sealed class Caller(Bytes username, in FoundCredential found, PasswordAlgorithm algorithm)
{
    public Bytes Username { get; } = username;

    public Subject Subject { get; } = found.Subject;

    public PasswordAlgorithm Algorithm { get; } = algorithm;

    public IntegrityKey Key { get; } = found.Key;

    /// <summary>When an allocation on it is over, whatever was asked for.</summary>
    public Instant EndsAt { get; } = found.EndsAt ?? Instant.MaxValue;

    public Allowance? Allowance { get; } = found.Allowance;

    /// <summary>The token that brought the key, which later requests do not carry (RFC 7635 §9); null for a password's.</summary>
    public Bytes? Token { get; init; }

    /// <summary>The attribute that a token's key is for; with a password the client chooses.</summary>
    public Integrity? Integrity { get; init; }

    /// <summary>Whether a request without a token means this one.</summary>
    public bool IsNamed(ReadOnlySpan<byte> username, PasswordAlgorithm algorithm) =>
        (Token is not null || Algorithm == algorithm) && Username.Span.SequenceEqual(username);

    /// <summary>Whether a request with a token means this one: it need not be opened again.</summary>
    public bool Has(ReadOnlySpan<byte> kid, ReadOnlySpan<byte> token) =>
        Token is not null && Token.Span.SequenceEqual(token) && Username.Span.SequenceEqual(kid);
}
