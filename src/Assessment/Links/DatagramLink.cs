using System.Net;
using System.Net.Sockets;

namespace Portunus.Assessment.Links;

/// <summary>A network that carries UDP. Each client address has a socket of its own towards the target, which so sees a five-tuple for
/// each of them. Lost datagrams are dropped; the others keep their order.</summary>
public sealed class DatagramLink : EmulatedLink
{
    /// <summary>A datagram's most.</summary>
    internal const int Largest = 65535;

    /// <summary>Asked of the kernel for what waits to be read; it gives what its <c>net.core.rmem_max</c> allows.</summary>
    internal const int ReceiveBuffer = 4 << 20;

    /// <summary>Client addresses at a time; the one that was silent for longest gives way to another.</summary>
    internal const int MaxFlows = 1024;

    /// <summary>A silent address is forgotten after this; TURN's allocations are refreshed sooner (RFC 8656 §2.2: 10 minutes).</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly Dictionary<IPEndPoint, DatagramFlow> _flows = []; // Of the receiving task, and of disposal after its end.
    readonly Task _receiving;
    int _number;

    public DatagramLink(string name, string from, string to, string protocol, LinkModel model)
        : base(name, from, to, protocol, model)
    {
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _front.Blocking = false;
        _front.ReceiveBufferSize = ReceiveBuffer;
        EndPoint = (IPEndPoint)_front.LocalEndPoint!;
        model.Timetable.Enter();
        _receiving = Task.Run(ReceiveAsync);
    }

    public override IPEndPoint EndPoint { get; }

    /// <summary>Is shown every datagram that entered and was counted, also those that are lost; the second argument is true on the way up.
    /// The bytes are valid during the call only. Called from several threads; it may not throw.</summary>
    public Action<ReadOnlyMemory<byte>, bool>? OnDatagram { get; set; }

    internal int Flows => _flows.Count;

    public override async ValueTask DisposeAsync()
    {
        _front.Dispose();
        await _receiving;
        foreach (var flow in _flows.Values) await flow.DisposeAsync();
        _flows.Clear();
        Model.Timetable.Leave();
    }

    /// <summary>Hands a datagram to a client, on the timetable's thread.</summary>
    internal void SendTo(ReadOnlySpan<byte> datagram, SocketAddress client)
    {
        try
        {
            _front.SendTo(datagram, SocketFlags.None, client);
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            // A client that is gone, or a buffer that is full: a datagram is lost, as it may be.
        }
    }

    async Task ReceiveAsync()
    {
        var buffer = new byte[Largest];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var got = await _front.ReceiveFromAsync(buffer, SocketFlags.None, any);
                if (Target is not { } target) continue;
                var flow = await FlowOfAsync((IPEndPoint)got.RemoteEndPoint, target);
                flow.Up(buffer.AsMemory(0, got.ReceivedBytes));
            }
            catch (Exception failed) when (failed is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                // An ICMP error to what was sent to a client that is gone.
            }
        }
    }

    async ValueTask<DatagramFlow> FlowOfAsync(IPEndPoint client, IPEndPoint target)
    {
        if (_flows.TryGetValue(client, out var flow)) return flow;
        if (_flows.Count > 0)
        {
            var (silent, longest) = _flows.MinBy(one => one.Value.LastUse);
            if (_flows.Count == MaxFlows || longest.Silence > Idle)
            {
                _flows.Remove(silent);
                await longest.DisposeAsync();
            }
        }

        Counter.Change(counts => counts with { Connections = counts.Connections + 1 });
        return _flows[client] = new(this, client, target, _number++);
    }
}
