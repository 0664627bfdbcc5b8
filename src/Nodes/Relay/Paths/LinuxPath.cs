using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Portunus.Bedrock;
using Portunus.Transport;

namespace Portunus.Nodes.Relay;

/// <summary>The data path of Linux: epoll, batches of datagrams, a worker that is woken. A silent socket costs nothing.</summary>
sealed class LinuxPath : IDataPath
{
    // The key of the wake-up; sockets have their places.
    const ulong WakeUpKey = ulong.MaxValue;

    readonly Poller _poller;
    readonly WakeUp _wakeUp;
    readonly Readiness[] _happened = new Readiness[Poller.MostReady];
    readonly Stack<int> _free = new();
    Watched?[] _places = new Watched?[64];
    int _used;

    LinuxPath(Poller poller, WakeUp wakeUp) => (_poller, _wakeUp) = (poller, wakeUp);

    /// <summary>Whether it was built for this system: where the constants and structures of the kernel are known.</summary>
    public static bool IsServed =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Null when the kernel refuses.</summary>
    public static LinuxPath? TryCreate(out SocketError error)
    {
        if (Poller.TryOpen(out error) is not { } poller) return null;
        if (WakeUp.TryOpen(out error) is { } wakeUp)
        {
            error = poller.Add(wakeUp.Descriptor, WakeUpKey, Interest.Read);
            if (error == SocketError.Success) return new(poller, wakeUp);
            wakeUp.Dispose();
        }

        poller.Dispose();
        return null;
    }

    public IDatagrams Adopt(Socket listener)
    {
        var local = TransportAddress.From((IPEndPoint)listener.LocalEndPoint!);
        return new LinuxDatagrams(UdpSocket.Borrow((int)listener.SafeHandle.DangerousGetHandle(), local), listener);
    }

    public IDatagrams? TryOpen(in TransportAddress local, out SocketError error)
    {
        if (UdpSocket.TryBind(local, UdpSockets.ReceiveBuffer, out error) is not { } socket) return null;
        socket.TellErrors();
        if (!Descriptors.AreScarce(socket.Descriptor)) return new LinuxDatagrams(socket);
        socket.Dispose();
        error = SocketError.TooManyOpenSockets;
        return null;
    }

    public void Watch(Watched socket)
    {
        if (!_free.TryPop(out var place)) place = _used++;
        if (place == _places.Length) Array.Resize(ref _places, 2 * place);
        socket.Place = place;
        _places[place] = socket;
        _poller.Add(socket.Descriptor, (ulong)place, Interest.Read);
    }

    public void Unwatch(Watched socket)
    {
        if (socket.Place < 0) return;
        _poller.Remove(socket.Descriptor);
        _places[socket.Place] = null;
        _free.Push(socket.Place);
        socket.Place = -1;
    }

    public void Await(Watched stream, Interest interest) => _poller.Change(stream.Descriptor, (ulong)stream.Place, interest);

    public void Wait(Instant now, TimeSpan? patience, bool isAnswerDue, Queue<Watched> ready)
    {
        var count = _poller.Wait(Milliseconds(patience), _happened);
        foreach (var happened in _happened.AsSpan(0, count))
        {
            if (happened.Key == WakeUpKey)
            {
                _wakeUp.Clear();
            }
            else if (_places[happened.Key] is { } socket)
            {
                socket.HasRoom |= happened.CanWrite;
                if (socket.IsReady) continue;
                socket.IsReady = true;
                ready.Enqueue(socket);
            }
        }
    }

    public void Wake() => _wakeUp.Signal();

    public void Dispose()
    {
        _poller.Dispose();
        _wakeUp.Dispose();
    }

    /// <summary>Rounded up, or the last millisecond before a deadline would be spent looking.</summary>
    static int Milliseconds(TimeSpan? patience) =>
        patience is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue) : -1;
}
