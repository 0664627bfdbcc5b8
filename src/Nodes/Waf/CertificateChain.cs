using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Waf;

/// <summary>Judges a peer's certificate by an operator's own authorities; the system's do not count.</summary>
static class CertificateChain
{
    // RFC 5280 §4.2.1.12
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether one of the authorities signed it for a client, and it counts at that moment.</summary>
    public static bool IsClients(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> authorities, DateTimeOffset at) =>
        IsSignedBy(certificate, authorities, at, ClientAuthentication);

    /// <summary>Whether one of the authorities signed it for a server, and it counts at that moment.</summary>
    public static bool IsServers(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> authorities, DateTimeOffset at) =>
        IsSignedBy(certificate, authorities, at, ServerAuthentication);

    static bool IsSignedBy(
        X509Certificate2 certificate, IReadOnlyList<X509Certificate2> authorities, DateTimeOffset at, string purpose)
    {
        if (authorities.Count == 0) return false;
        using X509Chain chain = new();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        foreach (var authority in authorities) policy.CustomTrustStore.Add(authority);
        policy.ApplicationPolicy.Add(new Oid(purpose));
        // An operator ends a certificate by its short life, or by taking its name from the pattern.
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = at.UtcDateTime;
        return chain.Build(certificate);
    }
}
