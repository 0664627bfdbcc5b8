using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>A listening TCP socket of a worker.</summary>
/// <param name="number">As the rules and the counters know it.</param>
/// <param name="listener">Its address, and what is spoken there.</param>
/// <param name="socket">Listens; it belongs to this object from now on.</param>
/// <param name="certificate">Shown where TLS is spoken; stays with the caller.</param>
sealed class StreamDoor(int number, TurnListener listener, Socket socket, TurnCertificate? certificate) : Watched, IDisposable
{
    bool _isClosed;

    public int Number => number;

    public TurnListener Listener => listener;

    /// <summary>Null where TLS is not spoken.</summary>
    public TurnCertificate? Certificate => listener.Transport == ClientTransport.Tls ? certificate : null;

    public override int Descriptor { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public override bool IsClosed => _isClosed;

    public void Dispose()
    {
        _isClosed = true;
        socket.Dispose();
    }
}
