using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;

namespace Portunus.Assessment.Security;

/// <summary>A UDP port of this machine to which a relay sends: knows when the last packet came. Not at the address of the relays, where
/// only relays may be peers.</summary>
sealed class RelayPeer : IDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly Socket _socket = SecondAddress.Bind();
    readonly Thread _reader;
    readonly Lock _gate = new();
    Instant? _last;

    /// <exception cref="RefusedException">This machine has one address alone.</exception>
    public RelayPeer()
    {
        Address = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
        _reader = new(Read) { Name = "peer of a relay", IsBackground = true };
        _reader.Start();
    }

    public TransportAddress Address { get; }

    /// <summary>Null before the first.</summary>
    public Instant? Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>Waits for a packet that comes after now; false when <paramref name="patience"/> is over before.</summary>
    public async Task<bool> HearsAsync(TimeSpan patience, CancellationToken stop)
    {
        var now = SystemClock.Now;
        while (!(Last > now))
        {
            if (SystemClock.Now > now + patience) return false;
            await Task.Delay(Look, stop);
        }

        return true;
    }

    /// <summary>When the last packet came before a silence; null when there was none within <paramref name="patience"/>.</summary>
    public async Task<Instant?> UntilSilentAsync(TimeSpan silence, TimeSpan patience, CancellationToken stop)
    {
        var began = SystemClock.Now;
        while (Last is not { } last || SystemClock.Now < last + silence)
        {
            if (SystemClock.Now > began + patience) return null;
            await Task.Delay(Look, stop);
        }

        return Last;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Join();
    }

    void Read()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                _socket.Receive(buffer);
                lock (_gate) _last = SystemClock.Now;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }
}
