using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>
/// What the sockets of one worker stand on: how they are opened and waited for. All but <see cref="Wake"/> is for the worker's thread.
/// </summary>
interface IDataPath : IDisposable
{
    /// <summary>Makes a bound listener one of its own.</summary>
    IDatagrams Adopt(Socket listener);

    /// <summary>Opens a relay; null when the address cannot be had, or descriptors are scarce.</summary>
    IDatagrams? TryOpen(in TransportAddress local, out SocketError error);

    /// <summary>Waits at this, too, until something comes.</summary>
    void Watch(Watched socket);

    /// <summary>Waits at it no more; said before it is closed.</summary>
    void Unwatch(Watched socket);

    /// <summary>Waits at it for something else from now on; for nothing but its failure, if for nothing.</summary>
    void Await(Watched stream, Interest interest);

    /// <summary>Adds those at which something is, and are not there yet, to <paramref name="ready"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long to wait for the first at most; zero only looks, null has no end.</param>
    /// <param name="isAnswerDue">Whether the worker waits for something else that <see cref="Wake"/> would tell.</param>
    /// <param name="ready">The worker's queue.</param>
    void Wait(Instant now, TimeSpan? patience, bool isAnswerDue, Queue<Watched> ready);

    /// <summary>Ends the wait of the worker, as soon as it can. By any thread, until the path is disposed of.</summary>
    void Wake();
}
