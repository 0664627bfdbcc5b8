using Microsoft.Extensions.Logging;
using Portunus.Transport.Tls;

namespace Portunus.Nodes.Relay;

/// <summary>The certificate that a TURN server shows to clients by TLS and DTLS; read again from its files without an end to any
/// session.</summary>
public sealed class TurnCertificate : IDisposable
{
    readonly TurnCertificateFiles _files;
    volatile Contexts _contexts;

    /// <exception cref="RefusedException">OpenSSL is not there, or a file is not what it should be.</exception>
    public TurnCertificate(TurnCertificateFiles files)
    {
        _files = files;
        _contexts = Load();
    }

    /// <summary>For the next session. Any thread.</summary>
    internal TlsContext Streams => _contexts.Streams;

    /// <summary>The same of DTLS.</summary>
    internal TlsContext Datagrams => _contexts.Datagrams;

    /// <summary>New sessions have what the files say now; those that run go on. False when a file is not what it should be: then what
    /// was before stays, and the log says so.</summary>
    public bool TryReload(ILogger log)
    {
        try
        {
            // A worker may be making a session of the former one: it is left to the collector, which frees it behind the last session.
            _contexts = Load();
            return true;
        }
        catch (RefusedException refused)
        {
            RelayLog.CertificateStays(log, refused.Message);
            return false;
        }
    }

    public void Dispose()
    {
        _contexts.Streams.Dispose();
        _contexts.Datagrams.Dispose();
    }

    Contexts Load()
    {
        RequireReadable(_files.Certificate);
        RequireReadable(_files.Key);
        try
        {
            return new(TlsContext.ForStreams(_files.Certificate, _files.Key), TlsContext.ForDatagrams(_files.Certificate, _files.Key));
        }
        catch (OpenSslException refused)
        {
            throw new RefusedException(refused.Message, refused);
        }
    }

    /// <summary>OpenSSL's word for it would be a number.</summary>
    static void RequireReadable(string path)
    {
        try
        {
            if (File.Exists(path)) File.OpenRead(path).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(
                $"{path} cannot be read by user '{Environment.UserName}': let that user read it, or name another file.", e);
        }
    }

    sealed record Contexts(TlsContext Streams, TlsContext Datagrams);
}

/// <summary>Where a certificate for clients lies.</summary>
/// <param name="Certificate">PEM: the server's certificate, then the intermediate ones.</param>
/// <param name="Key">PEM: its private key, not encrypted; may be the same file.</param>
public sealed record TurnCertificateFiles(string Certificate, string Key);
