using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;

namespace Portunus.Assessment.Links;

/// <summary>One direction of a <see cref="StreamConnection"/>: reads at one side, and writes at the other what is due.</summary>
/// <param name="link">Whose network it is.</param>
/// <param name="chance">Its losses.</param>
/// <param name="meter">Sees what passes at the target's door: what goes up when it is delivered, what comes down when it is sent.</param>
/// <param name="from">Is read.</param>
/// <param name="to">Is written; does not block.</param>
/// <param name="isUp">From the opener to the other side.</param>
/// <param name="open">Nothing is on its way sooner.</param>
/// <param name="abort">Resets the connection.</param>
sealed class StreamDirection(
    StreamLink link, LinkChance chance, TlsMeter meter, Socket from, Socket to, bool isUp, long open, Action abort)
{
    /// <summary>What passes in a packet of 1500 bytes: less 20 of IPv4 and 20 of TCP.</summary>
    internal const int Segment = 1460;

    /// <summary>A TLS record and its header fit.</summary>
    const int ReadSize = 17 << 10;

    /// <summary>Bytes on their way; no more is read beyond, as with a window that is full.</summary>
    const int Window = 1 << 20;

    readonly Lock _gate = new();
    readonly Queue<Chunk> _chunks = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TaskCompletionSource? _roomWanted;
    long _last; // When the last chunk is due: the order is kept.
    int _due; // Chunks at the head of the queue that are due.
    int _inFlight;
    bool _isWriting; // A task does, or it has failed.

    /// <summary>The RTO of the first segment.</summary>
    public TimeSpan FirstRto { private get; set; } = LinkChance.Rto;

    /// <summary>Until the end of the stream has been delivered; never when the connection is aborted before.</summary>
    public async Task RunAsync()
    {
        var buffer = new byte[ReadSize];
        try
        {
            while (true)
            {
                await RoomAsync();
                var length = await from.ReceiveAsync(buffer, SocketFlags.None);
                if (length == 0) break;
                if (!isUp) meter.Read(buffer.AsSpan(0, length), isUp: false);
                Send(buffer.AsSpan(0, length));
            }
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            Reset();
            return;
        }

        Add([], 0, Math.Max(Arrival(), _last));
        await _ended.Task;
    }

    long Arrival() => Math.Max(Stopwatch.GetTimestamp(), open) + LinkModel.Ticks(link.Model.OneWay(link.Name));

    void Reset() => link.Model.Timetable.At(Math.Max(Arrival(), _last), abort);

    /// <summary>Segments that arrive together are written together.</summary>
    void Send(ReadOnlySpan<byte> bytes)
    {
        var arrival = Arrival();
        var loss = link.Model.Network.Loss;
        var (start, due, lost) = (0, 0L, 0);
        for (var at = 0; at < bytes.Length; at += Segment)
        {
            var fate = chance.Segment(loss, FirstRto);
            FirstRto = LinkChance.Rto;
            lost += fate.Losses;
            if (fate.IsGivenUp) link.Model.Timetable.At(arrival + LinkModel.Ticks(fate.Added), abort);
            var segmentDue = Math.Max(arrival + LinkModel.Ticks(fate.Added), Math.Max(due, _last));
            if (segmentDue != due && at > start)
            {
                Add(bytes[start..at], due);
                start = at;
            }

            due = segmentDue;
        }

        Add(bytes[start..], due);
        if (lost > 0) link.Counter.Change(counts => counts with { Lost = counts.Lost + lost });
    }

    void Add(ReadOnlySpan<byte> bytes, long due)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        Add(copy, bytes.Length, due);
    }

    void Add(byte[] bytes, int length, long due)
    {
        _last = due;
        lock (_gate)
        {
            _chunks.Enqueue(new(bytes, length));
            _inFlight += length;
        }

        link.Model.Timetable.At(due, Deliver);
    }

    /// <summary>The next chunk is due. On the timetable's thread.</summary>
    void Deliver()
    {
        lock (_gate)
        {
            _due++;
            if (_isWriting) return;
            try
            {
                Write();
            }
            catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
            {
                Fail();
            }
        }
    }

    /// <summary>Writes what is due, as far as the socket takes it at once; the rest is left to a task.</summary>
    void Write()
    {
        while (_due > 0)
        {
            var chunk = _chunks.Peek();
            if (isUp && chunk.Length > 0) meter.Read(chunk.Bytes.AsSpan(0, chunk.Length), isUp: true);
            var written = chunk.Length == 0 ? 0 : WriteAtOnce(chunk.Bytes.AsSpan(0, chunk.Length));
            if (written < chunk.Length)
            {
                _isWriting = true;
                _ = Task.Run(() => WriteRestAsync(chunk, written));
                return;
            }

            Done(chunk);
        }
    }

    int WriteAtOnce(ReadOnlySpan<byte> bytes)
    {
        var written = to.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => written,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    async Task WriteRestAsync(Chunk chunk, int written)
    {
        try
        {
            while (written < chunk.Length)
                written += await to.SendAsync(chunk.Bytes.AsMemory(written, chunk.Length - written), SocketFlags.None);
            lock (_gate)
            {
                _isWriting = false;
                Done(chunk);
                Write();
            }
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            Fail();
        }
    }

    /// <summary>The side that is written to is gone, which the other learns as by a reset; nothing more is written.</summary>
    void Fail()
    {
        lock (_gate) _isWriting = true;
        Reset();
    }

    /// <summary>With the lock held.</summary>
    void Done(Chunk chunk)
    {
        _due--;
        _chunks.Dequeue();
        if (chunk.Length == 0)
        {
            to.Shutdown(SocketShutdown.Send);
            _ended.TrySetResult();
            return;
        }

        _inFlight -= chunk.Length;
        ArrayPool<byte>.Shared.Return(chunk.Bytes);
        if (_inFlight >= Window) return;
        _roomWanted?.TrySetResult();
        _roomWanted = null;
    }

    Task RoomAsync()
    {
        lock (_gate)
        {
            if (_inFlight < Window) return Task.CompletedTask;
            _roomWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _roomWanted.Task;
        }
    }

    /// <param name="Bytes">From the pool.</param>
    /// <param name="Length">Zero at the end of the stream.</param>
    readonly record struct Chunk(byte[] Bytes, int Length);
}
