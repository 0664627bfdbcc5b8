namespace Portunus.Nodes.Relay;

/// <summary>What came to and left one listening address, at one worker: the worker writes, anybody reads a little late.</summary>
public sealed class ListenerCounters
{
    /// <summary>Datagrams of clients.</summary>
    public long Received { get; private set; }

    /// <summary>Their bytes, without headers of UDP and IP.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Datagrams to clients that the system took.</summary>
    public long Sent { get; private set; }

    public long SentBytes { get; private set; }

    internal void CountReceived(int bytes)
    {
        Received++;
        ReceivedBytes += bytes;
    }

    internal void CountSent(int bytes)
    {
        Sent++;
        SentBytes += bytes;
    }
}
