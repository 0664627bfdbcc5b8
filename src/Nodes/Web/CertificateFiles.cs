using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Web;

/// <summary>A server certificate in PEM files, with the certificates that lead to its authority; read again when they change.</summary>
public sealed class CertificateFiles : IDisposable
{
    // Whoever renews a certificate writes two files; the next look finds both.
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    readonly string _certificate;
    readonly string _key;
    readonly Lock _gate = new();
    Timer? _look;
    Stamp _stamp;
    volatile SslStreamCertificateContext _current;

    /// <param name="certificate">The server's own first.</param>
    /// <param name="key">Its private key; null when the certificate's file holds it.</param>
    /// <exception cref="RefusedException">A file cannot be read, or they do not belong together.</exception>
    public CertificateFiles(string certificate, string? key)
    {
        (_certificate, _key) = (certificate, key ?? certificate);
        try
        {
            (_current, _stamp) = Load();
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new RefusedException(
                $"The certificate {_certificate} with the key {_key} cannot be used; name PEM files that belong together.", e);
        }
    }

    /// <summary>For the next handshake.</summary>
    public SslStreamCertificateContext Current => _current;

    /// <summary>Looks at the files from time to time.</summary>
    public void Watch(ILogger log) => _look ??= new(_ => Refresh(log), null, LookInterval, LookInterval);

    /// <summary>Takes the files if they have changed; what cannot be used is told, and the old certificate stays.</summary>
    public void Refresh(ILogger log)
    {
        lock (_gate)
        {
            try
            {
                if (Stamp.Of(_certificate, _key) == _stamp) return;
                // The old one is left to handshakes that still use it.
                (_current, _stamp) = Load();
                WebLog.CertificateTaken(log, _certificate, _current.TargetCertificate.NotAfter);
            }
            catch (Exception e) when (IsRefusal(e))
            {
                _stamp = Stamp.Of(_certificate, _key);
                WebLog.CertificateRefused(log, _certificate, e.Message);
            }
        }
    }

    public void Dispose() => _look?.Dispose();

    (SslStreamCertificateContext, Stamp) Load()
    {
        var stamp = Stamp.Of(_certificate, _key);
        var own = X509Certificate2.CreateFromPemFile(_certificate, _key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificate);
        // Offline: nothing is fetched from wherever a certificate points.
        return (SslStreamCertificateContext.Create(own, chain, offline: true), stamp);
    }

    static bool IsRefusal(Exception e) =>
        e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>What changes when a file does.</summary>
    readonly record struct Stamp(DateTime Certificate, DateTime Key)
    {
        public static Stamp Of(string certificate, string key) =>
            new(File.GetLastWriteTimeUtc(certificate), File.GetLastWriteTimeUtc(key));
    }
}
