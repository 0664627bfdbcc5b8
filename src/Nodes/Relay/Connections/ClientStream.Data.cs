using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What a connection has more that becomes a client data connection (RFC 6062 §3).
sealed partial class ClientStream
{
    readonly ByteQueue _unread = new();
    readonly ByteQueue _unreadWire = new();

    /// <summary>The connection with a peer that it belongs to; null while messages come by it.</summary>
    public Splice? Splice { get; set; }

    /// <summary>Whether it ends in the middle of what was relayed: its client shall not take what came for all there was.</summary>
    public bool IsCut { get; set; }

    /// <summary>How often it was handed from one worker to another.</summary>
    public int HandOvers { get; private set; }

    /// <summary>The worker to which it is to be handed; null while it stays.</summary>
    public WorkerId? LeavesFor { get; private set; }

    /// <summary>Nothing more is sent; over TLS nothing more is read either, since the session ends as a whole.</summary>
    public void EndSending()
    {
        if (Session is null) socket.EndSending();
        else Session.Close();
    }

    public void Endure() => socket.Endure();

    /// <summary>It is to be handed over, with what it said and has not been read.</summary>
    /// <param name="to">Who shall have it.</param>
    /// <param name="message">The message that made it so.</param>
    /// <param name="rest">What came behind it.</param>
    public void Leave(WorkerId to, ReadOnlySpan<byte> message, ReadOnlySpan<byte> rest)
    {
        LeavesFor = to;
        HandOvers++;
        _unread.Add(message);
        _unread.Add(rest);
    }

    /// <summary>Bytes of the wire that its session has not taken in are handed over, too.</summary>
    public void LeaveWire(ReadOnlySpan<byte> wire) => _unreadWire.Add(wire);

    /// <summary>It belongs to a worker anew.</summary>
    /// <param name="number">Of the connection there, as the rules know it.</param>
    /// <returns>What was not read yet: messages, and bytes of the wire after them.</returns>
    public (byte[] Messages, byte[] Wire) Arrive(int number)
    {
        Path = Path with { Listener = number };
        (LeavesFor, HasSpoken) = (null, false);
        var unread = (_unread.Waiting.ToArray(), _unreadWire.Waiting.ToArray());
        DisposeUnread();
        return unread;
    }

    void DisposeUnread()
    {
        _unread.Dispose();
        _unreadWire.Dispose();
    }
}
