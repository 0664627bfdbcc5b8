namespace Portunus.Nodes.Tokens;

/// <summary>A WAF as a verifier of its access tokens knows it; immutable.</summary>
public sealed record AuthorizationServer
{
    /// <summary>As <c>iss</c> has it, to the character.</summary>
    public required string Issuer { get; init; }

    /// <summary>
    /// Where its signing keys are (RFC 7517); null for a WAF whose tokens are looked at by introspection alone.
    /// </summary>
    public Uri? Keys { get; init; }

    /// <summary>Where a token is introspected (RFC 7662); null where its signature says all.</summary>
    public Uri? Introspection { get; init; }

    /// <summary>How the edge names itself there; null where mutual TLS does.</summary>
    public string? ClientId { get; init; }

    /// <summary>A secret; beside <see cref="ClientId"/>.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The issuer alone.</summary>
    public override string ToString() => Issuer;
}
