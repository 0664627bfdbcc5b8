using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Portunus.Stun;

namespace Portunus.Tests.Io.Relay;

/// <summary>A client data connection (RFC 6062 §3): messages until it is bound, which are read to their last byte and not beyond; from
/// then on a stream of any bytes.</summary>
sealed class DataWire : IRawWire
{
    public DataWire(IPEndPoint server, bool isSecure)
    {
        Socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true, ReceiveTimeout = 60_000, SendTimeout = 60_000,
        };
        Socket.Connect(server);
        Stream = new NetworkStream(Socket, ownsSocket: true);
        if (!isSecure) return;
        Tls = new(Stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        Tls.AuthenticateAsClient("turn.example.org");
        Stream = Tls;
    }

    public Socket Socket { get; }

    public SslStream? Tls { get; }

    public Stream Stream { get; }

    public bool IsStream => true;

    public bool HasEnded => false;

    /// <summary>Written in one piece with a ConnectionBind that carries integrity.</summary>
    public byte[] Behind { get; init; } = [];

    public void Listen(bool reads)
    {
    }

    public void Write(ReadOnlySpan<byte> message)
    {
        var isProved = StunMessage.TryParse(message, out var request, out _) && request.Integrity != Integrity.None;
        Stream.Write(isProved ? [.. message, .. Behind] : message);
    }

    public byte[]? Receive(TimeSpan patience)
    {
        var header = new byte[StunMessage.HeaderLength];
        Stream.ReadExactly(header);
        var message = new byte[header.Length + (header[2] << 8) + header[3]];
        header.CopyTo(message, 0);
        Stream.ReadExactly(message.AsSpan(header.Length));
        return message;
    }

    public byte[] Read(int count)
    {
        var bytes = new byte[count];
        Stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Nothing more is said; over TLS by its farewell.</summary>
    public void EndSending()
    {
        if (Tls is null) Socket.Shutdown(SocketShutdown.Send);
        else Tls.ShutdownAsync().GetAwaiter().GetResult();
    }

    public void Dispose() => Stream.Dispose();
}
