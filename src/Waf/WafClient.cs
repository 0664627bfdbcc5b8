using Microsoft.IdentityModel.Tokens;

namespace Portunus.Waf;

/// <summary>An OAuth 2.0 client: a page, a native WIC, a WWSF, an eP-CSCF that introspects.</summary>
/// <remarks>
/// One without secret, keys and certificate is public (RFC 6749 §2.1): it may do the code flow, with PKCE, and nothing that
/// needs a client to be who it says.
/// </remarks>
public sealed record WafClient
{
    public required string Id { get; init; }

    /// <summary>What a login page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Kept as a hash; null when it has none.</summary>
    public string? Secret { get; init; }

    /// <summary>With which it signs assertions (<c>private_key_jwt</c>, RFC 7523); null when it has none.</summary>
    public JsonWebKeySet? Keys { get; init; }

    /// <summary>The dNSName of the certificate that it shows in mutual TLS (RFC 8705 §2.1.2); null for none.</summary>
    public string? CertificateName { get; init; }

    /// <summary>Compared byte for byte (RFC 9700 §2.1). One at least makes the code flow possible.</summary>
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];

    /// <summary>Of <see cref="Scopes"/>; others are refused.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [Waf.Scopes.Register, Waf.Scopes.Turn];

    /// <summary>The operator's own: a user is not asked for consent.</summary>
    public bool IsFirstParty { get; init; }

    /// <summary>May ask for a token of its own (RFC 6749 §4.4).</summary>
    public bool MayActAlone { get; init; }

    /// <summary>May exchange a token that it was given (RFC 8693).</summary>
    public bool MayExchange { get; init; }

    /// <summary>May ask whether a token is good (RFC 7662).</summary>
    public bool MayIntrospect { get; init; }

    /// <summary>The id of the WWSF that serves it, which the tokens name; null: its own id.</summary>
    public string? Wwsf { get; init; }

    /// <summary>The identities that it may give away (scenario 3); null when it is no WWSF with a pool.</summary>
    public IdentityPool? Pool { get; init; }

    /// <summary>Whether it can prove who it is.</summary>
    public bool IsConfidential => Secret is not null || Keys is not null || CertificateName is not null;

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"client {Id}";

    internal void Check()
    {
        if (Id.Length == 0 || Name.Length == 0) throw new ArgumentException("A client of the WAF has an id and a name.");
        if (!IsConfidential && (MayActAlone || MayExchange || MayIntrospect || Pool is not null))
            throw new ArgumentException($"Client {Id} must authenticate for that; give it a secret, keys or a certificate name.");
        if (Pool is not null && !MayActAlone)
            throw new ArgumentException($"Client {Id} has a pool, so it must be let act alone.");
        foreach (var uri in RedirectUris)
        {
            if (!uri.IsAbsoluteUri || uri.Fragment.Length > 0)
                throw new ArgumentException($"A redirect URI of client {Id} is written in full, without a fragment.");
            if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
                throw new ArgumentException($"The redirect URI {uri} needs https; http is for localhost alone.");
        }
    }
}
