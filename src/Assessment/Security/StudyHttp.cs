using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Tls;

namespace Portunus.Assessment.Security;

/// <summary>HTTPS to the entities of a study, believing its authority and nobody else.</summary>
static class StudyHttp
{
    public static SocketsHttpHandler Believing(X509Certificate2 root) => new()
    {
        SslOptions = new()
        {
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        },
    };

    /// <summary>As an entity that shows a certificate, which lives as long as the handler.</summary>
    public static SocketsHttpHandler Showing(TlsFiles files) => new() { SslOptions = TlsIdentity.Load(files).ForClient() };
}
