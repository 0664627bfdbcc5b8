using System.Security.Cryptography.X509Certificates;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>OpenSSL's own client before a session, over memory.</summary>
sealed class TlsPair : IDisposable
{
    readonly byte[] _plain = new byte[SecureSession.MostRecord];

    public TlsPair(TlsContext server, TlsContext client, int mostOutgoing = SecureSession.MostOutgoing)
    {
        Server = new(server, ServedStream.Start, mostOutgoing);
        Client = new(client, ServedStream.Start);
        Client.Begin();
    }

    public TlsSession Server { get; }

    public TlsSession Client { get; }

    /// <summary>The CN of the certificate that the client was shown.</summary>
    public string ServersName
    {
        get
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Client.PeerCertificate());
            return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        }
    }

    public TlsPair Opened()
    {
        while (Client.OutgoingLength + Server.OutgoingLength > 0)
        {
            Give(Server, TakeFrom(Client));
            Give(Client, TakeFrom(Server));
        }

        Assert.Equal((TlsState.Open, TlsState.Open), (Client.State, Server.State));
        return this;
    }

    /// <summary>All that waits for the wire.</summary>
    public static byte[] TakeFrom(TlsSession session)
    {
        var bytes = session.Outgoing.ToArray();
        session.Sent(bytes.Length);
        return bytes;
    }

    /// <summary>What a session says to a piece of the stream.</summary>
    public byte[] Give(TlsSession session, ReadOnlySpan<byte> piece)
    {
        var said = new List<byte>();
        while (session.Read(ref piece, _plain) is var n and > 0) said.AddRange(_plain.AsSpan(0, n));
        Assert.True(piece.IsEmpty);
        return [.. said];
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
