using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>
/// Waits for datagrams at all sockets of a worker, on the worker's own thread. The system's call looks at every socket that it
/// is asked about; so while a few are lively, it is asked about these alone, and about all from time to time.
/// </summary>
sealed class SocketWatch
{
    /// <summary>How many sockets a call of the runtime takes; one more is an exception.</summary>
    public const int Most = 65536;

    // The runtime keeps up to 80 sockets of one call on its stack. 64 cost about 8 microseconds.
    const int Few = 64;

    // Media come every 20 ms; a talker may pause for a breath.
    static readonly TimeSpan Liveliness = TimeSpan.FromSeconds(1);

    // How late the first datagram after a silence may be noticed, while others are lively: 5 ms, and more for many sockets,
    // so that looking at all, 0.2 to 0.5 microseconds each, takes a twentieth of the time at most.
    static readonly TimeSpan LeastGlance = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan GlancePerSocket = TimeSpan.FromMicroseconds(10);

    readonly List<WorkerSocket> _all = [];
    readonly List<WorkerSocket> _lively = [];
    readonly List<Socket> _asked = [];
    Instant _nextLookAtAll;
    Instant _nextReview;

    TimeSpan Glance => _all.Count * GlancePerSocket is var glance && glance > LeastGlance ? glance : LeastGlance;

    public void Add(WorkerSocket socket)
    {
        socket.Place = _all.Count;
        _all.Add(socket);
    }

    public void Remove(WorkerSocket socket)
    {
        if (socket.Place < 0) return;
        var last = _all[^1];
        _all[socket.Place] = last;
        last.Place = socket.Place;
        _all.RemoveAt(_all.Count - 1);
        socket.Place = -1;
        Calm(socket);
    }

    /// <summary>Adds those at which something is, and are not there yet, to <paramref name="ready"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long to wait for the first; zero only looks.</param>
    /// <param name="ready">The worker's queue.</param>
    public void Wait(Instant now, TimeSpan patience, Queue<Watched> ready)
    {
        if (now >= _nextReview) Review(now);
        if (_all.Count <= Few || _lively.Count is 0 or Few)
        {
            Ask(now, _all, patience, ready);
        }
        else
        {
            Ask(now, _lively, patience < Glance ? patience : Glance, ready);
            if (now < _nextLookAtAll) return;
            _nextLookAtAll = now + Glance;
            Ask(now, _all, TimeSpan.Zero, ready);
        }
    }

    void Ask(Instant now, List<WorkerSocket> sockets, TimeSpan patience, Queue<Watched> ready)
    {
        if (sockets.Count == 0)
        {
            // The only one rests after an error; the system's call refuses to wait for nobody.
            Thread.Sleep(patience);
            return;
        }

        _asked.Clear();
        foreach (var socket in sockets) _asked.Add(DatagramsOf(socket).Socket);
        Socket.Select(_asked, null, null, patience);
        // What is left of the list is in the same order.
        for (int i = 0, next = 0; next < _asked.Count; i++)
        {
            var socket = sockets[i];
            if (DatagramsOf(socket).Socket != _asked[next]) continue;
            next++;
            DatagramsOf(socket).Expect();
            Heard(now, socket);
            if (socket.IsReady) continue;
            socket.IsReady = true;
            ready.Enqueue(socket);
        }
    }

    /// <summary>Counts it among the lively, if there is room.</summary>
    void Heard(Instant now, WorkerSocket socket)
    {
        socket.LastHeard = now;
        if (socket.IsLively || _lively.Count == Few) return;
        socket.IsLively = true;
        _lively.Add(socket);
    }

    void Review(Instant now)
    {
        _nextReview = now + (Liveliness / 4);
        for (var i = _lively.Count - 1; i >= 0; i--)
            if (now - _lively[i].LastHeard > Liveliness)
                Calm(_lively[i]);
    }

    void Calm(WorkerSocket socket)
    {
        if (socket.IsLively) _lively.Remove(socket);
        socket.IsLively = false;
    }

    static UdpDatagrams DatagramsOf(WorkerSocket socket) => (UdpDatagrams)socket.Datagrams;
}
