using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>A listening TCP socket of a worker: of <c>tcp:</c>, of <c>tls:</c>, or of both at one address.</summary>
/// <param name="socket">Listens; it belongs to this object from now on.</param>
/// <param name="address">Where.</param>
/// <param name="certificate">Shown where TLS is spoken; stays with the caller.</param>
sealed class StreamDoor(Socket socket, in TransportAddress address, TurnCertificate? certificate) : Watched, IDisposable
{
    int? _plain;
    int? _secure;
    bool _isClosed;

    public TransportAddress Address { get; } = address;

    public TurnCertificate? Certificate => certificate;

    /// <summary>What every connection here speaks; null where its first byte tells (RFC 8489 §8.1).</summary>
    public ClientTransport? Only => (_plain, _secure) switch
    {
        (null, _) => ClientTransport.Tls,
        (_, null) => ClientTransport.Tcp,
        _ => null,
    };

    public override int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public override bool IsClosed => _isClosed;

    public bool Has(Socket other) => socket == other;

    /// <summary>A listener of the settings has its connections from here.</summary>
    /// <param name="transport">One of the two.</param>
    /// <param name="number">As the counters know it.</param>
    public void Serve(ClientTransport transport, int number)
    {
        if (transport == ClientTransport.Tls) _secure = number;
        else _plain = number;
    }

    /// <summary>The number of the listener of one of the two that are spoken here.</summary>
    public int NumberOf(ClientTransport transport) => (transport == ClientTransport.Tls ? _secure : _plain) ?? 0;

    public void Dispose()
    {
        _isClosed = true;
        socket.Dispose();
    }
}
