using System.Net;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>Web listeners of a role.</summary>
[Says("Web listeners: TLS, or plain from proxies that end TLS.")]
sealed record WebSection
{
    [Says("Addresses served over TLS with the certificate."), Form(nameof(Forms.EndPoint), "192.0.2.1:443")]
    public IReadOnlyList<IPEndPoint> Https { get; init; } = [];

    [Says("Addresses served in plain, and to the trusted proxies alone."), Form(nameof(Forms.EndPoint), "127.0.0.1:8080")]
    public IReadOnlyList<IPEndPoint> Http { get; init; } = [];

    [Says("PEM file with the certificate and those that lead to its authority, needed by https; read again when it changes."),
     Form(nameof(Forms.File), "certificate.pem")]
    public string? Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "key.pem")]
    public string? CertificateKey { get; init; }

    [Says("Who may connect in plain and say in Forwarded or X-Forwarded-For for whom."), Form(nameof(Forms.Range), "127.0.0.1")]
    public IReadOnlyList<AddressRange> TrustedProxies { get; init; } = [];
}
