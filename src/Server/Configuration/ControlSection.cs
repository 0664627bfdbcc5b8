using System.Collections.Immutable;
using System.Net;
using Portunus.Nodes.Transfer;

namespace Portunus.Server.Configuration;

/// <summary>Where a media gateway node is controlled.</summary>
[Says("Where edges control this node: ng's messages, a line each, over mutual TLS 1.3.")]
sealed record ControlSection
{
    [Says("An address of the operator's network, of its own."), Form(nameof(Forms.EndPoint), "10.0.0.8:2224")]
    public required IPEndPoint Listen { get; init; }

    [Says("PEM file with the node's certificate, and intermediate ones after it."), Form(nameof(Forms.File), "agw1.pem")]
    public required string Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "agw1-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("PEM file with the operator's authorities: whom they certified is believed, and nobody else."),
     Form(nameof(Forms.File), "operator-ca.pem")]
    public required string Authorities { get; init; }

    [Says("The edges that may control it.")]
    public required IReadOnlyList<WriterSection> Edges { get; init; }

    public CredentialListenerSettings ToSettings(string realm) => new()
    {
        Listen = Listen,
        Tls = new() { Certificate = Certificate, Key = CertificateKey ?? Certificate, Authorities = Authorities },
        Writers = Edges.ToImmutableDictionary(
            edge => edge.Name, edge => edge.Realms.Count > 0 ? [.. edge.Realms] : ImmutableArray.Create(realm)),
        ListenFlag = "agw.control.listen",
    };
}
