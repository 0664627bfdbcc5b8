using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;

namespace Portunus.Server.Configuration;

/// <summary>Whom a WAF tells of tokens that it revoked, and as whom.</summary>
[Says("The TURN servers that are told when an access token was revoked under which they serve a relay, by mutual TLS 1.3; they " +
      "take that of the \"wafs\" in their \"credentials\".")]
sealed record WafRevocationsSection
{
    [Says("PEM file with this WAF's certificate: its dNSName is the WAF's name there."), Form(nameof(Forms.File), "waf-client.pem")]
    public required string Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "waf-client-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("PEM file with the authorities of the TURN servers' operator."), Form(nameof(Forms.File), "operator-ca.pem")]
    public required string Authorities { get; init; }

    [Says("The TURN servers, 16 at most; tokens for others run until they end.")]
    public required IReadOnlyList<WafRevocationServerSection> Servers { get; init; }

    public TransferNodeSettings ToSettings(string realm) => new()
    {
        Servers = [.. Servers.Select(server => new TransferTarget(server.Name, server.Realm ?? realm, server.Credentials))],
        Tls = new TlsFiles { Certificate = Certificate, Key = CertificateKey ?? Certificate, Authorities = Authorities },
    };
}
