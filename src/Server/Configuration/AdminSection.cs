using System.Net;
using Portunus.Nodes.Serve;

namespace Portunus.Server.Configuration;

/// <summary>The admin listener.</summary>
[Says("The admin listener.")]
sealed record AdminSection
{
    [Says("Where it listens; beyond loopback it needs a certificate."), Form(nameof(Forms.EndPoint), "127.0.0.1:9641")]
    public required IPEndPoint Listen { get; init; }

    [Says("A file with the bearer token that registrations and sessions ask for, at least 16 characters; when left out, " +
          "there are health and metrics only."),
     Form(nameof(Forms.SecretFile), "admin-token")]
    public Secret? TokenFile { get; init; }

    [Says("PEM file with the certificate, needed beyond loopback; read again when it changes."),
     Form(nameof(Forms.File), "certificate.pem")]
    public string? Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "key.pem")]
    public string? CertificateKey { get; init; }

    public AdminRole ToRole() =>
        new(Listen, TokenFile?.Value, Certificate is { } certificate ? (certificate, CertificateKey) : null);
}
