using System.Net;
using Portunus.Nodes.Tls;

namespace Portunus.Server.Configuration;

/// <summary>Who the edge is to the TURN servers that it pushes to.</summary>
[Says("Who this edge is to the TURN servers that it makes credentials known to, by mutual TLS 1.3.")]
sealed record TransferSection
{
    [Says("PEM file with the edge's certificate: its dNSName is the edge's name there."), Form(nameof(Forms.File), "epcscf.pem")]
    public required string Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "epcscf-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("PEM file with the operator's authorities."), Form(nameof(Forms.File), "operator-ca.pem")]
    public required string Authorities { get; init; }

    [Says("Where TURN servers ask for credentials, needed by pull: an address of the operator's network, of its own."),
     Form(nameof(Forms.EndPoint), "10.0.0.5:8447")]
    public IPEndPoint? Listen { get; init; }

    public TlsFiles ToFiles() => new() { Certificate = Certificate, Key = CertificateKey ?? Certificate, Authorities = Authorities };
}
