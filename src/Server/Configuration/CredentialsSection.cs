using System.Collections.Immutable;
using System.Net;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;

namespace Portunus.Server.Configuration;

/// <summary>Where a TURN server takes credentials from edges (Approach 2).</summary>
[Says("Where edges make credentials known to this TURN server, over mutual TLS 1.3 (Approach 2).")]
sealed record CredentialsSection
{
    [Says("An address of the operator's network, of its own."), Form(nameof(Forms.EndPoint), "10.0.0.7:8446")]
    public required IPEndPoint Listen { get; init; }

    [Says("PEM file with the server's certificate, and intermediate ones after it."), Form(nameof(Forms.File), "turn1.pem")]
    public required string Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "turn1-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("PEM file with the operator's authorities: whom they certified is believed, and nobody else."),
     Form(nameof(Forms.File), "operator-ca.pem")]
    public required string Authorities { get; init; }

    [Says("The edges that may write.")]
    public required IReadOnlyList<WriterSection> Edges { get; init; }

    [Says("Where edges are asked for names that nobody made known (pull): the host is the name of one of the edges. " +
          "Empty: none is asked. The certificate must be good for a client, too."),
     Form(nameof(Forms.HttpsAddress), "https://epcscf.ims.example.net:8447/")]
    public IReadOnlyList<Uri> Ask { get; init; } = [];

    [Says("The WAFs that may say that tokens count no more, and nothing else (the revocation feed); a third party's, too.")]
    public IReadOnlyList<RevokerSection> Wafs { get; init; } = [];

    [Says("Whether these edges may also tell of registrations that ended whose credentials were not pushed: nothing that was " +
          "made for them counts any more (the revocation feed).")]
    public bool Revocations { get; init; }

    public CredentialListenerSettings ToSettings(string realm) => new()
    {
        Listen = Listen,
        Tls = new() { Certificate = Certificate, Key = CertificateKey ?? Certificate, Authorities = Authorities },
        Writers = Edges.ToImmutableDictionary(edge => edge.Name, edge => Of(edge.Realms, realm)),
        Revokers = Wafs.ToImmutableDictionary(waf => waf.Name, waf => Of(waf.Realms, realm)),
        EdgesMayRevoke = Revocations,
        ListenFlag = "turn.credentials.listen",
    };

    static ImmutableArray<string> Of(IReadOnlyList<string> realms, string own) => realms.Count > 0 ? [.. realms] : [own];

    /// <summary>Null where nobody is asked.</summary>
    public CredentialFinderSettings? ToFinder() => Ask.Count == 0 ? null : new()
    {
        Edges = [.. Ask.Select(address => new FinderTarget(address.IdnHost, address))],
        Tls = new() { Certificate = Certificate, Key = CertificateKey ?? Certificate, Authorities = Authorities },
    };
}
