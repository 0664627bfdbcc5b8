using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>Who a user agent is, and what it asks for.</summary>
public sealed record UserAgentSettings
{
    /// <summary>The public identity (IMPU): <c>sip:alice@ims.example.net</c>. Its host is the home domain.</summary>
    public required SipUri Identity { get; init; }

    /// <summary>The private identity (IMPI), which is the digest username: <c>alice@ims.example.net</c>.</summary>
    public required string PrivateIdentity { get; init; }

    public required string Password { get; init; }

    /// <summary>How long it asks to be registered; the answer says how long it is.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>What stands in Turn-Credential-Request; null to ask for no credential.</summary>
    public string? CredentialRequest { get; init; } = "password";

    /// <summary>No standard names the two headers, so an operator may.</summary>
    public HeaderName CredentialRequestHeader { get; init; } = "Turn-Credential-Request";

    /// <summary>See <see cref="CredentialRequestHeader"/>.</summary>
    public HeaderName CredentialHeader { get; init; } = "Turn-Credential";

    /// <summary>Without the password.</summary>
    public override string ToString() => $"user agent of {Identity}";
}
