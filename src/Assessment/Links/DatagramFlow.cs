using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Assessment.Links;

/// <summary>What one client address and the target send each other over a <see cref="DatagramLink"/>.</summary>
sealed class DatagramFlow : IAsyncDisposable
{
    /// <summary>Bytes on their way, each direction; what comes beyond is dropped, as by a router.</summary>
    const int Room = 4 << 20;

    readonly DatagramLink _link;
    readonly SocketAddress _client;
    readonly Socket _back = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly LinkChance _up;
    readonly LinkChance _down;
    readonly Task _receiving;
    long _lastUse = Stopwatch.GetTimestamp();
    int _inFlightUp;
    int _inFlightDown;
    int _isAsked; // 1 while what was delivered last came from the client.

    public DatagramFlow(DatagramLink link, IPEndPoint client, IPEndPoint target, int number)
    {
        (_link, _client) = (link, client.Serialize());
        _up = link.Model.ChanceOf(link.Name, number, isUp: true);
        _down = link.Model.ChanceOf(link.Name, number, isUp: false);
        _back.Connect(target);
        _back.Blocking = false;
        _back.ReceiveBufferSize = DatagramLink.ReceiveBuffer;
        _receiving = Task.Run(ReceiveAsync);
    }

    public long LastUse => Volatile.Read(ref _lastUse);

    public TimeSpan Silence => Stopwatch.GetElapsedTime(LastUse);

    /// <summary>The client has sent this.</summary>
    public void Up(ReadOnlyMemory<byte> datagram)
    {
        Volatile.Write(ref _lastUse, Stopwatch.GetTimestamp());
        Pass(datagram.Span, _up, isUp: true);
        _link.OnDatagram?.Invoke(datagram, true);
    }

    public async ValueTask DisposeAsync()
    {
        _back.Dispose();
        await _receiving;
    }

    void Pass(ReadOnlySpan<byte> datagram, LinkChance chance, bool isUp)
    {
        ref var inFlight = ref isUp ? ref _inFlightUp : ref _inFlightDown;
        var length = datagram.Length;
        var isLost = chance.LosesDatagram(_link.Model.Network.Loss) || Volatile.Read(ref inFlight) + length > Room;
        Count(length, isUp, isLost);
        if (isLost) return;
        Interlocked.Add(ref inFlight, length);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        datagram.CopyTo(copy);
        var due = Stopwatch.GetTimestamp() + LinkModel.Ticks(_link.Model.OneWay(_link.Name));
        _link.Model.Timetable.At(due, () => Deliver(copy, length, isUp));
    }

    void Deliver(byte[] copy, int length, bool isUp)
    {
        var datagram = copy.AsSpan(0, length);
        if (isUp)
        {
            Volatile.Write(ref _isAsked, 1);
            SendUp(datagram);
            Interlocked.Add(ref _inFlightUp, -length);
        }
        else
        {
            _link.SendTo(datagram, _client);
            Interlocked.Add(ref _inFlightDown, -length);
        }

        ArrayPool<byte>.Shared.Return(copy);
    }

    void SendUp(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _back.Send(datagram, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The flow has ended while this was on its way.
        }
    }

    async Task ReceiveAsync()
    {
        var buffer = new byte[DatagramLink.Largest];
        while (true)
        {
            try
            {
                var length = await _back.ReceiveAsync(buffer, SocketFlags.None);
                var isAnswer = Interlocked.Exchange(ref _isAsked, 0) == 1;
                if (isAnswer) _link.Counter.Change(counts => counts with { RoundTrips = counts.RoundTrips + 1 });
                Volatile.Write(ref _lastUse, Stopwatch.GetTimestamp());
                Pass(buffer.AsSpan(0, length), _down, isUp: false);
                _link.OnDatagram?.Invoke(buffer.AsMemory(0, length), false);
            }
            catch (Exception failed) when (failed is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // Nobody listens at the target: the ICMP error ends here, as at most firewalls.
            }
        }
    }

    void Count(int length, bool isUp, bool isLost)
    {
        var lost = isLost ? 1 : 0;
        _link.Counter.Change(counts => isUp
            ? counts with { MessagesUp = counts.MessagesUp + 1, BytesUp = counts.BytesUp + length, Lost = counts.Lost + lost }
            : counts with { MessagesDown = counts.MessagesDown + 1, BytesDown = counts.BytesDown + length, Lost = counts.Lost + lost });
    }
}
