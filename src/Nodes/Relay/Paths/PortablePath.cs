using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>The portable data path: System.Net.Sockets alone, a call for each datagram, and a look at the inbox many times a
/// second.</summary>
sealed class PortablePath : IDataPath
{
    // How late an order may be noticed in silence.
    static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(50);

    // How late an answer from an edge may be noticed: a client waits for it.
    static readonly TimeSpan LightSleep = TimeSpan.FromMilliseconds(2);

    readonly SocketWatch _watch = new();

    public IDatagrams Adopt(Socket listener) => new UdpDatagrams(listener);

    public IDatagrams? TryOpen(in TransportAddress local, out SocketError error)
    {
        error = SocketError.Success;
        try
        {
            return UdpDatagrams.Open(local);
        }
        catch (SocketException refused)
        {
            error = refused.SocketErrorCode;
            return null;
        }
    }

    public void Watch(Watched socket) => _watch.Add((WorkerSocket)socket);

    public void Unwatch(Watched socket) => _watch.Remove((WorkerSocket)socket);

    /// <summary>Streams are refused before they come here.</summary>
    public void Await(Watched stream, Interest interest)
    {
    }

    public void Wait(Instant now, TimeSpan? patience, bool isAnswerDue, Queue<Watched> ready)
    {
        var longest = isAnswerDue ? LightSleep : LongestSleep;
        _watch.Wait(now, patience < longest ? patience.Value : longest, ready);
    }

    /// <summary>Nothing wakes a select but its sockets; it is a short one.</summary>
    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
