using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Load;

/// <summary>A peer that counts what it hears, on a thread of its own.</summary>
sealed class CountingPeer : IDisposable
{
    readonly Socket _socket;
    long _heard;

    public CountingPeer(IPAddress address)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _socket.Bind(new IPEndPoint(address, 0));
        new Thread(Listen) { IsBackground = true }.Start();
    }

    public TransportAddress Address => TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);

    public long Heard => Volatile.Read(ref _heard);

    public void Dispose() => _socket.Dispose();

    void Listen()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                _socket.Receive(buffer);
                Volatile.Write(ref _heard, _heard + 1);
            }
        }
        catch (SocketException)
        {
            // Closed: the load is over.
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
