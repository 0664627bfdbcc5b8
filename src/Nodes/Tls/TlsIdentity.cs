using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Portunus.Nodes.Tls;

/// <summary>
/// One party of mutual TLS 1.3 between nodes of one operator: its own certificate, and the authorities that it believes. The
/// authorities of the system count for nothing here.
/// </summary>
public sealed class TlsIdentity : IDisposable
{
    readonly X509Certificate2 _certificate;
    readonly X509Certificate2Collection _chain;
    readonly X509Certificate2Collection _authorities;

    TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection authorities) =>
        (_certificate, _chain, _authorities) = (certificate, chain, authorities);

    /// <summary>Reads the files.</summary>
    /// <exception cref="RefusedException">A file cannot be read, or is not what it should be.</exception>
    public static TlsIdentity Load(TlsFiles files)
    {
        var authorities = Read(files.Authorities);
        var chain = Read(files.Certificate);
        try
        {
            return new(X509Certificate2.CreateFromPemFile(files.Certificate, files.Key), chain, authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The key {files.Key} cannot be read; write the path of a PEM file.", e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new RefusedException($"{files.Key} is not the private key of {files.Certificate}, in plain PEM.", e);
        }
    }

    /// <summary>As a server that asks everybody for a certificate.</summary>
    public void Configure(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = _certificate;
        https.ServerCertificateChain = _chain;
        https.SslProtocols = SslProtocols.Tls13;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.HandshakeTimeout = TimeSpan.FromSeconds(5);
        https.OnAuthenticate = (_, options) =>
        {
            options.CertificateChainPolicy = Policy();
            // A session that is taken up again would skip the look at the certificate.
            options.AllowTlsResume = false;
        };
    }

    /// <summary>As a server without HTTP, which asks everybody for a certificate.</summary>
    public SslServerAuthenticationOptions ForServer() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, _chain, offline: true),
        ClientCertificateRequired = true,
        CertificateChainPolicy = Policy(),
        AllowTlsResume = false,
    };

    /// <summary>As a client.</summary>
    public SslClientAuthenticationOptions ForClient() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = SslStreamCertificateContext.Create(_certificate, _chain, offline: true),
        CertificateChainPolicy = Policy(),
        AllowTlsResume = false,
    };

    public void Dispose()
    {
        _certificate.Dispose();
        foreach (var certificate in _chain) certificate.Dispose();
        foreach (var authority in _authorities) authority.Dispose();
    }

    X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The operator's certificates are short-lived, or leave the list of names; nothing is fetched from outside here.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    static X509Certificate2Collection Read(string file)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The certificate {file} cannot be read; write the path of a PEM file.", e);
        }
        catch (CryptographicException e)
        {
            throw new RefusedException($"{file} is not a certificate in PEM.", e);
        }

        return read.Count > 0 ? read : throw new RefusedException($"{file} holds no certificate in PEM.");
    }
}
