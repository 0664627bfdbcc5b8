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
/// <param name="path">How the rules will know it, unless a header says that it is another's, or its first byte that it speaks TLS.</param>
/// <param name="door">By which it came.</param>
/// <param name="isNamed">Whether it is its sender's own, so that no header comes.</param>
sealed partial class ClientStream(StreamSocket socket, in ClientPath path, StreamDoor door, bool isNamed)
    : ClientConnection(path, door.NumberOf(path.FiveTuple.Transport))
{
    readonly ByteQueue _waiting = new();
    bool _isNamed = isNamed;
    bool _hasBegun;

    public StreamDoor Entrance => door;

    /// <summary>Null for TCP in the clear, and before it has begun.</summary>
    public TlsSession? Session { get; private set; }

    public override bool IsNamed => _isNamed;

    public override bool HasBegun => _hasBegun;

    /// <summary>The pieces of a header that is not whole yet.</summary>
    public ByteQueue Header { get; } = new();

    public StreamFraming Framing { get; } = new();

    /// <summary>What the ledger has counted of a message that is not whole, in bytes.</summary>
    public int Kept { get; private set; }

    public override int Descriptor => socket.Descriptor;

    public override bool IsClosed => socket.IsClosed;

    /// <summary>Whether it is among those that have something to send.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether its data path was asked to tell when there is room.</summary>
    public bool AwaitsRoom { get; set; }

    public override int Waiting => Session?.OutgoingLength ?? _waiting.Length;

    /// <summary>Lets the ledger count what is kept of a message that is not whole; false when it is too much with that of all others.
    /// </summary>
    /// <param name="ledger">In which it was admitted.</param>
    /// <param name="little">What nobody counts: most messages come in at most two pieces (bytes).</param>
    public bool MayKeep(ConnectionLedger ledger, int little)
    {
        var kept = Framing.Unfinished > little ? Framing.Unfinished : 0;
        var more = kept - Kept;
        Kept = kept;
        return more == 0 || ledger.Keeps(more);
    }

    public int Receive(Span<byte> room, out SocketError error) => socket.Receive(room, out error);

    public override bool TryAdd(ReadOnlySpan<byte> message)
    {
        if (Session is not null) return Session.TryWrite(message);
        _waiting.Add(message);
        return true;
    }

    /// <summary>The header is whole: it is this client's, and counted as such.</summary>
    public void Name(in TransportAddress client)
    {
        Header.Dispose();
        Path = Path with { FiveTuple = Path.FiveTuple with { Client = client } };
        _isNamed = true;
    }

    /// <summary>It is known what is spoken.</summary>
    public void Speak(ClientTransport transport)
    {
        Path = Path with { FiveTuple = Path.FiveTuple with { Transport = transport } };
        Door = door.NumberOf(transport);
    }

    /// <summary>From here on there are messages.</summary>
    /// <param name="session">Null for TCP in the clear; belongs to this object from now on.</param>
    public void Begin(TlsSession? session) => (Session, _hasBegun) = (session, true);

    /// <summary>Ends it in both directions, as if its client had; called by any thread while it is not disposed.</summary>
    public void ShutDown() => socket.ShutDown();

    /// <summary>Sends what waits, as far as the system takes it.</summary>
    public SocketError Send()
    {
        while (Waiting > 0)
        {
            var sent = socket.Send(Session is null ? _waiting.Waiting : Session.Outgoing, out var error);
            if (sent > 0 && Session is null) _waiting.Remove(sent);
            else if (sent > 0) Session!.Sent(sent);
            if (error != SocketError.Success) return error == SocketError.WouldBlock ? SocketError.Success : error;
        }

        return SocketError.Success;
    }

    public override void Dispose()
    {
        if (IsCut) socket.ResetWhenClosed();
        else Session?.Close();
        // The farewell of TLS, if there is room for it.
        if (Session is not null && !IsCut) Send();
        socket.Dispose();
        Session?.Dispose();
        Header.Dispose();
        _waiting.Dispose();
        Framing.Dispose();
        DisposeUnread();
    }
}
