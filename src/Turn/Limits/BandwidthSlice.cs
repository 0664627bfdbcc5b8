namespace Portunus.Turn;

/// <summary>What one allocation has borrowed in one direction; its worker's.</summary>
struct BandwidthSlice
{
    long _turn;

    /// <summary>Left of what was borrowed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Left of what was borrowed.</summary>
    public long Packets { get; private set; }

    /// <summary>Borrowed in this turn.</summary>
    public long BytesTaken { get; private set; }

    /// <summary>Borrowed in this turn.</summary>
    public long PacketsTaken { get; private set; }

    /// <summary>In monotonic ticks: until then there is nothing to be had.</summary>
    public long AskAgainAt { get; set; }

    /// <summary>Takes a datagram out of what is there.</summary>
    public bool TrySpend(int length)
    {
        if (Bytes < length || Packets < 1) return false;
        Bytes -= length;
        Packets--;
        return true;
    }

    /// <summary>Takes what has passed already, into debt if there is not enough.</summary>
    public void Spend(int length)
    {
        Bytes -= length;
        Packets--;
    }

    /// <summary>True for the first time in a turn.</summary>
    internal bool BeginTurn(long turn)
    {
        if (turn == _turn) return false;
        (_turn, BytesTaken, PacketsTaken) = (turn, 0, 0);
        return true;
    }

    internal void Lend(long bytes, long packets)
    {
        (Bytes, BytesTaken) = (Bytes + bytes, BytesTaken + bytes);
        (Packets, PacketsTaken) = (Packets + packets, PacketsTaken + packets);
    }
}
