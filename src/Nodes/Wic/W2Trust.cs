using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Wic;

/// <summary>Which certificates of an edge, of a WAF and of a site a client believes.</summary>
public sealed class W2Trust
{
    // Extended key usage id-kp-serverAuth (RFC 5280 §4.2.1.12).
    const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    readonly X509Certificate2Collection? _roots;
    readonly bool _any;

    W2Trust(X509Certificate2Collection? roots, bool any) => (_roots, _any) = (roots, any);

    /// <summary>What the system trusts.</summary>
    public static W2Trust System { get; } = new(null, false);

    /// <summary>Any at all: only for a server on this machine, where nobody stands between.</summary>
    public static W2Trust Any { get; } = new(null, true);

    /// <summary>The certificates of a file in PEM and what they have signed, and nobody else.</summary>
    /// <param name="flag">That names the file, for the sentence.</param>
    /// <param name="file">Its path.</param>
    /// <exception cref="RefusedException">The file cannot be read, or holds none.</exception>
    public static W2Trust Of(string flag, string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new RefusedException($"{flag}: the file {file} cannot be read as certificates; name one in PEM.", e);
        }

        return roots.Count > 0
            ? new(roots, false)
            : throw new RefusedException($"{flag}: the file {file} holds no certificate; name one in PEM.");
    }

    internal bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None && _roots is null) return true;
        if (_any) return true;
        // The name must be right in any case.
        if (_roots is null || certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // A client's certificate of the same authority is no server's.
        own.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        if (chain is not null)
            foreach (var element in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return own.Build(leaf);
    }
}
