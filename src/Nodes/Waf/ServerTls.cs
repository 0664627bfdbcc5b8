using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Portunus.Nodes.Web;

namespace Portunus.Nodes.Waf;

/// <summary>TLS of a WAF's and a WWSF's listeners.</summary>
static class ServerTls
{
    /// <summary>The certificate for the next handshake; null where there is none.</summary>
    public static Func<SslStreamCertificateContext>? Of(X509Certificate2? certificate, CertificateFiles? files)
    {
        if (files is not null) return () => files.Current;
        if (certificate is null) return null;
        var fixedOne = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return () => fixedOne;
    }

    /// <summary>HTTP/1.1 over TLS for everybody.</summary>
    public static void Use(ListenOptions options, Func<SslStreamCertificateContext> certificate) =>
        Use(options, () => new() { ServerCertificateContext = certificate() });

    /// <summary>
    /// HTTP/1.1 over TLS 1.3 for whom the operator's authorities have certified for a client: theirs, in the place of the
    /// system's.
    /// </summary>
    public static void Use(
        ListenOptions options, Func<SslStreamCertificateContext> certificate, IReadOnlyList<X509Certificate2> authorities,
        TimeProvider time) =>
        Use(options, () => new()
        {
            ServerCertificateContext = certificate(),
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateRequired = true,
            // A session that is taken up again would skip the look at the certificate.
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, shown, _, errors) =>
                (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0
                && shown is X509Certificate2 client
                && CertificateChain.IsClients(client, authorities, time.GetUtcNow()),
        });

    static void Use(ListenOptions options, Func<SslServerAuthenticationOptions> make)
    {
        options.Protocols = HttpProtocols.Http1;
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ =>
            {
                var made = make();
                made.ApplicationProtocols = [SslApplicationProtocol.Http11];
                return new(made);
            },
        });
    }
}
