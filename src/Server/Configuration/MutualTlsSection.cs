using System.Net;

namespace Portunus.Server.Configuration;

/// <summary>The listener of a WAF for who shows a certificate.</summary>
[Says("A listener for TURN servers that fetch keys (/.well-known/stun-key) and for clients with certificates, over TLS 1.3.")]
sealed record MutualTlsSection
{
    [Says("Apart from browsers, which would ask their user for a certificate."), Form(nameof(Forms.EndPoint), "10.0.0.8:8444")]
    public required IPEndPoint Listen { get; init; }

    [Says("PEM file with the operator's authorities: whom they certified is believed, and nobody else."),
     Form(nameof(Forms.Authorities), "operator-ca.pem")]
    public required Authorities Authorities { get; init; }
}
