using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Transport;
using Portunus.Transport.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// A client's connection: bytes of the wire, a TLS session in between if there is one, messages cut out of what it says, and what waits
/// to go back. Of one worker.
/// </summary>
/// <param name="socket">Belongs to this object from now on.</param>
/// <param name="path">How the rules know it.</param>
/// <param name="door">By which it came.</param>
/// <param name="session">Null for TCP in the clear; belongs to this object from now on.</param>
sealed class ClientStream(StreamSocket socket, in ClientPath path, StreamDoor door, TlsSession? session)
    : ClientConnection(path, door.Number)
{
    readonly ByteQueue _waiting = new();

    public TlsSession? Session => session;

    public StreamFraming Framing { get; } = new();

    public override int Descriptor => socket.Descriptor;

    public override bool IsClosed => socket.IsClosed;

    /// <summary>Whether it is among those that have something to send.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether its data path was asked to tell when there is room.</summary>
    public bool AwaitsRoom { get; set; }

    public override int Waiting => session?.OutgoingLength ?? _waiting.Length;

    public int Receive(Span<byte> room, out SocketError error) => socket.Receive(room, out error);

    public override bool TryAdd(ReadOnlySpan<byte> message)
    {
        if (session is not null) return session.TryWrite(message);
        _waiting.Add(message);
        return true;
    }

    /// <summary>Sends what waits, as far as the system takes it.</summary>
    public SocketError Send()
    {
        while (Waiting > 0)
        {
            var sent = socket.Send(session is null ? _waiting.Waiting : session.Outgoing, out var error);
            if (sent > 0 && session is null) _waiting.Remove(sent);
            else if (sent > 0) session!.Sent(sent);
            if (error != SocketError.Success) return error == SocketError.WouldBlock ? SocketError.Success : error;
        }

        return SocketError.Success;
    }

    public override void Dispose()
    {
        session?.Close();
        // The farewell of TLS, if there is room for it.
        if (session is not null) Send();
        socket.Dispose();
        session?.Dispose();
        _waiting.Dispose();
        Framing.Dispose();
    }
}
