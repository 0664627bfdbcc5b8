using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Conformance.Running;

/// <summary>A UDP peer of allocations.</summary>
sealed class Peer : IDisposable
{
    readonly Socket _socket;
    readonly byte[] _buffer = new byte[65536];
    readonly TimeSpan _patience;

    public Peer(IPAddress at, TimeSpan patience)
    {
        _patience = patience;
        _socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(at, 0));
    }

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public void Send(IPEndPoint to, ReadOnlySpan<byte> payload) => _socket.SendTo(payload, to);

    public void Send(IPEndPoint to, string text) => Send(to, Encoding.ASCII.GetBytes(text));

    /// <summary>The next datagram and whence it came.</summary>
    /// <exception cref="CheckFailedException">None came.</exception>
    public (byte[] Payload, IPEndPoint From) Receive()
    {
        if (!_socket.Poll(_patience, SelectMode.SelectRead)) throw new CheckFailedException("nothing came to the peer");
        EndPoint from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var count = _socket.ReceiveFrom(_buffer, ref from);
        return (_buffer[..count], (IPEndPoint)from);
    }

    /// <summary>Reads what has come; whether there was something.</summary>
    public bool TryReceive()
    {
        if (!_socket.Poll(0, SelectMode.SelectRead)) return false;
        _socket.Receive(_buffer);
        return true;
    }

    /// <summary>The next datagram is this text, and from there: nothing came before it.</summary>
    public void MustHear(string text, IPEndPoint from)
    {
        var (payload, sender) = Receive();
        var heard = Encoding.ASCII.GetString(payload);
        Trial.Require(heard == text, $"the peer heard '{heard}', not '{text}'");
        Trial.Require(sender.Equals(from), $"the peer heard it from {sender}, not from the relayed address {from}");
    }

    public void Dispose() => _socket.Dispose();
}
