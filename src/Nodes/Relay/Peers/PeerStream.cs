using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>A peer data connection (RFC 6062 §3) of one worker, and what waits to go to the peer.</summary>
/// <param name="socket">Belongs to this object from now on.</param>
/// <param name="id">How the rules know it.</param>
sealed class PeerStream(StreamSocket socket, ConnectionId id) : Watched, IDisposable
{
    readonly ByteQueue _waiting = new();

    public ConnectionId Id => id;

    public StreamSocket Socket => socket;

    /// <summary>The question that waits for it, while it is being connected.</summary>
    public AskId? Ask { get; set; }

    /// <summary>The client's connection and this one as one; null until it is bound.</summary>
    public Splice? Splice { get; set; }

    public override int Descriptor => socket.Descriptor;

    public override bool IsClosed => socket.IsClosed;

    public int Waiting => _waiting.Length;

    public void Add(ReadOnlySpan<byte> bytes) => _waiting.Add(bytes);

    /// <summary>Sends what waits, as far as the system takes it.</summary>
    public SocketError Send()
    {
        while (Waiting > 0)
        {
            var sent = socket.Send(_waiting.Waiting, out var error);
            if (sent > 0) _waiting.Remove(sent);
            if (error != SocketError.Success) return error == SocketError.WouldBlock ? SocketError.Success : error;
        }

        return SocketError.Success;
    }

    public void Dispose()
    {
        socket.Dispose();
        _waiting.Dispose();
    }
}
