using Microsoft.Extensions.Logging;
using Portunus.Transport.Tls;

namespace Portunus.Nodes.Relay;

/// <summary>The certificate that a TURN server shows to clients by TLS, from its files; read again without an end to any session.</summary>
public sealed class TurnCertificate : IDisposable
{
    readonly TurnCertificateFiles _files;
    volatile TlsContext _streams;

    /// <exception cref="RefusedException">OpenSSL is not there, or a file is not what it should be.</exception>
    public TurnCertificate(TurnCertificateFiles files)
    {
        _files = files;
        _streams = Load();
    }

    /// <summary>For the next session. Any thread.</summary>
    internal TlsContext Streams => _streams;

    /// <summary>New sessions have what the files say now; those that run go on. False when a file is not what it should be: then what
    /// was before stays, and the log says so.</summary>
    public bool TryReload(ILogger log)
    {
        try
        {
            // A worker may be making a session of the former one: it is left to the collector, which frees it behind the last session.
            _streams = Load();
            return true;
        }
        catch (RefusedException refused)
        {
            RelayLog.CertificateStays(log, refused.Message);
            return false;
        }
    }

    public void Dispose() => _streams.Dispose();

    TlsContext Load()
    {
        try
        {
            return TlsContext.ForStreams(_files.Certificate, _files.Key);
        }
        catch (OpenSslException refused)
        {
            throw new RefusedException(refused.Message, refused);
        }
    }
}

/// <summary>Where a certificate for clients lies.</summary>
/// <param name="Certificate">PEM: the server's certificate, then the intermediate ones.</param>
/// <param name="Key">PEM: its private key, not encrypted; may be the same file.</param>
public sealed record TurnCertificateFiles(string Certificate, string Key);
