using Portunus.Nodes.Serve;

namespace Portunus.Server.Configuration;

/// <summary>Where a TURN server fetches token keys, and as whom.</summary>
[Says("Keys of tokens that this server fetches from WAFs, and fetches again as they rotate (RFC 7635, 4.1.1).")]
sealed record TokenKeysSection
{
    [Says("PEM file with this server's certificate: serverName is a dNSName of it."), Form(nameof(Forms.File), "turn1.pem")]
    public required string Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "turn1-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("The WAFs whose tokens are taken.")]
    public required IReadOnlyList<TokenKeysWafSection> Wafs { get; init; }

    public TokenKeysRole ToRole(string serverName) => new()
    {
        ServerName = serverName,
        Certificate = Certificate,
        Key = CertificateKey ?? Certificate,
        Wafs = [.. Wafs.Select(waf => new TokenKeysWaf(waf.Keys, Authorities.Of(waf.Authorities), waf.Limits))],
    };
}
