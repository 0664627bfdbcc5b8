namespace Portunus.Turn;

/// <summary>Datagrams and bytes of payload relayed in each direction; of TCP, pieces as they were read. The worker writes; others read what
/// they find.</summary>
public struct Traffic
{
    public long ToPeerPackets;
    public long ToPeerBytes;
    public long ToClientPackets;
    public long ToClientBytes;

    internal void Add(in Traffic other)
    {
        ToPeerPackets += other.ToPeerPackets;
        ToPeerBytes += other.ToPeerBytes;
        ToClientPackets += other.ToClientPackets;
        ToClientBytes += other.ToClientBytes;
    }

    internal void Count(RelayDirection direction, int bytes)
    {
        if (direction == RelayDirection.ToPeer) CountToPeer(bytes);
        else CountToClient(bytes);
    }

    internal void CountToPeer(int bytes)
    {
        ToPeerPackets++;
        ToPeerBytes += bytes;
    }

    internal void CountToClient(int bytes)
    {
        ToClientPackets++;
        ToClientBytes += bytes;
    }
}
