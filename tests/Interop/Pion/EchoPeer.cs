using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Tests.Interop.Pion;

/// <summary>A peer of a relay that sends each datagram back, and knows whence they came.</summary>
sealed class EchoPeer : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    readonly ConcurrentDictionary<TransportAddress, int> _heard = [];

    public EchoPeer()
    {
        // Not the relay address: there, only ports of live allocations may be peers.
        _socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        Address = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
        new Thread(Run) { IsBackground = true, Name = "EchoPeer" }.Start();
    }

    public TransportAddress Address { get; }

    /// <summary>How many datagrams came from where.</summary>
    public IReadOnlyDictionary<TransportAddress, int> Heard => _heard;

    public void Dispose() => _socket.Dispose();

    void Run()
    {
        var buffer = new byte[65535];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var length = _socket.ReceiveFrom(buffer, ref from);
                _heard.AddOrUpdate(TransportAddress.From((IPEndPoint)from), 1, static (_, before) => before + 1);
                _socket.SendTo(buffer.AsSpan(0, length), from);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
        catch (ObjectDisposedException)
        {
            // The same, between two calls.
        }
    }
}
