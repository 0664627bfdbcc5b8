using System.Diagnostics.CodeAnalysis;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>
/// What is to leave by the sockets of one worker, until it is taken socket by socket, each in its order. Between two sockets there is
/// none. Nothing is made for a datagram.
/// </summary>
/// <param name="capacity">More than this are not held.</param>
sealed class Outbox(int capacity)
{
    readonly Outgoing[] _datagrams = new Outgoing[capacity];
    readonly int[] _next = new int[capacity];
    readonly Outgoing[] _group = new Outgoing[capacity];
    readonly Queue<WorkerSocket> _sockets = new(capacity);
    int _count;

    public bool IsFull => _count == capacity;

    public void Add(WorkerSocket socket, in Outgoing datagram)
    {
        var place = _count++;
        (_datagrams[place], _next[place]) = (datagram, -1);
        if (socket.FirstOutgoing >= 0)
        {
            _next[socket.LastOutgoing] = place;
        }
        else
        {
            socket.FirstOutgoing = place;
            _sockets.Enqueue(socket);
        }

        socket.LastOutgoing = place;
    }

    /// <summary>Takes all that leaves by one socket; false when nothing is left.</summary>
    public bool TryTake([NotNullWhen(true)] out WorkerSocket? socket, out ReadOnlySpan<Outgoing> group)
    {
        var length = 0;
        if (_sockets.TryDequeue(out socket))
        {
            for (var place = socket.FirstOutgoing; place >= 0; place = _next[place]) _group[length++] = _datagrams[place];
            socket.FirstOutgoing = -1;
        }
        else
        {
            _count = 0;
        }

        group = _group.AsSpan(0, length);
        return length > 0;
    }
}
