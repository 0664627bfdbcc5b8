using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>Who a user agent is, and what it asks for.</summary>
public sealed record UserAgentSettings
{
    /// <summary>The public identity (IMPU): <c>sip:alice@ims.example.net</c>. Its host is the home domain.</summary>
    public required SipUri Identity { get; init; }

    /// <summary>The private identity (IMPI), which is the digest username: <c>alice@ims.example.net</c>.</summary>
    public required string PrivateIdentity { get; init; }

    /// <summary>What it answers Digest challenges with; null where a <see cref="Token"/> speaks for it.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// An access token, which goes with every request but ACK and CANCEL (RFC 8898 §2.2: Bearer and a token68); null where
    /// Digest is spoken.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// Whether a fresh token can be had: then a challenge is told of, once until the next registration, before it counts as a
    /// refusal.
    /// </summary>
    public bool CanRenewToken { get; init; }

    /// <summary>How long it asks to be registered; the answer says how long it is.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>What stands in Turn-Credential-Request; null to ask for no credential.</summary>
    public string? CredentialRequest { get; init; } = "password";

    /// <summary>No standard names the two headers, so an operator may.</summary>
    public HeaderName CredentialRequestHeader { get; init; } = "Turn-Credential-Request";

    /// <summary>See <see cref="CredentialRequestHeader"/>.</summary>
    public HeaderName CredentialHeader { get; init; } = "Turn-Credential";

    /// <summary>Without the password and the token.</summary>
    public override string ToString() => $"user agent of {Identity}";
}
