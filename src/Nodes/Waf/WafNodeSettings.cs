using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Web;
using Portunus.Store.Access;
using Portunus.Waf;

namespace Portunus.Nodes.Waf;

/// <summary>What a <see cref="WafNode"/> serves and where; immutable.</summary>
public sealed record WafNodeSettings
{
    /// <summary>Where browsers and clients reach it; port 0 for a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>With its private key; null for plain http, which only an issuer on loopback may have.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// In the place of <see cref="Certificate"/>: one that is read again when it changes; stays with the caller.
    /// </summary>
    public CertificateFiles? CertificateFiles { get; init; }

    /// <summary>
    /// Where clients and TURN servers authenticate by mutual TLS, apart from browsers, which would ask their user for a
    /// certificate; null for none.
    /// </summary>
    public IPEndPoint? CredentialListen { get; init; }

    /// <summary>
    /// Who signs the certificates of TURN servers, and of clients (as <see cref="WafSettings.ClientAuthorities"/>).
    /// </summary>
    public IReadOnlyList<X509Certificate2> CredentialAuthorities { get; init; } = [];

    public required WafSettings Waf { get; init; }

    /// <summary>Stays with the caller.</summary>
    public required AccessStore Store { get; init; }

    /// <summary>For tests to set.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
