using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// What other workers bring to one: messages of clients whose allocations it has, messages for clients that it hears, and orders about
/// both. In the order in which each brought them; with a bound for each, so that none crowds out another.
/// </summary>
/// <param name="wake">Called by whoever brings.</param>
sealed class Carriage(Action wake) : Brought<Carried>(wake)
{
    /// <summary>Messages with media that one worker may have here at a time: what a worker takes of a flood before its own sockets have
    /// their turn.</summary>
    public const int MostMedia = 256;

    /// <summary>Their bytes: as many as a socket of the system holds, or so.</summary>
    public const int MostBytes = 1 << 19;

    /// <summary>Requests, answers and orders find room beyond that: over a stream none is sent again.</summary>
    const int Most = MostMedia + 64;

    readonly Share[] _shares = new Share[byte.MaxValue + 1];

    /// <summary>Called by any worker; does not wait. False when it has too much here already; true when this one has ended, too.</summary>
    public bool TryBring(WorkerId from, CarriedKind kind, in ClientPath path, ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            if (IsClosed) return true;
            ref var share = ref _shares[from.Value];
            if (IsMedia(message) ? share.Count >= MostMedia || share.Bytes + message.Length > MostBytes : share.Count >= Most) return false;
            share.Bytes += message.Length;
            Add(ref share, Carried.Copy(from, kind, path, message));
            return true;
        }
    }

    /// <summary>The same for an order.</summary>
    public bool TryBring(WorkerId from, TurnOrder order)
    {
        lock (Gate)
        {
            if (IsClosed) return true;
            ref var share = ref _shares[from.Value];
            if (share.Count >= Most) return false;
            Add(ref share, new(from, CarriedKind.Order, default, [], 0) { Order = order });
            return true;
        }
    }

    protected override void OnTaken() => Array.Clear(_shares);

    void Add(ref Share share, in Carried one)
    {
        share.Count++;
        Add(one);
    }

    /// <summary>ChannelData, or an indication: of the two bits of its class the lower is set alone (RFC 8489 §5).</summary>
    static bool IsMedia(ReadOnlySpan<byte> message) => message[0] >= 0x40 || ((message[0] & 1) == 0 && (message[1] & 0x10) != 0);

    /// <summary>What one worker has here.</summary>
    struct Share
    {
        public int Count;
        public int Bytes;
    }
}
