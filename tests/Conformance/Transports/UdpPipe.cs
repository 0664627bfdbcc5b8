using System.Net;
using System.Net.Sockets;

namespace Portunus.Tests.Conformance.Transports;

/// <summary>Datagrams to and from one server.</summary>
sealed class UdpPipe : IPipe
{
    readonly Socket _socket;
    readonly byte[] _buffer = new byte[65536];

    public UdpPipe(IPEndPoint server, IPEndPoint? local = null)
    {
        _socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (local is not null) _socket.Bind(local);
        _socket.Connect(server);
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public bool IsStream => false;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.Send(bytes);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // What an earlier datagram met; whoever waits for an answer sees that none comes.
        }
    }

    public byte[]? Receive(TimeSpan patience)
    {
        try
        {
            return _socket.Poll(patience, SelectMode.SelectRead) ? _buffer[.._socket.Receive(_buffer)] : null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
