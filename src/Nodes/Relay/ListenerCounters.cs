namespace Portunus.Nodes.Relay;

/// <summary>
/// The messages that came to and left one listening address, at one worker: the worker writes, anybody reads a little late. A message is
/// STUN or ChannelData as the rules see it: over UDP each datagram, whatever it holds; over TCP, TLS and DTLS what was cut or deciphered,
/// without padding, records and handshakes.
/// </summary>
public sealed class ListenerCounters
{
    /// <summary>Messages of clients.</summary>
    public long Received { get; private set; }

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Messages to clients: over UDP those that the system took, by a connection or session those that were put into it.</summary>
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
