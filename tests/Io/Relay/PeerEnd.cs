using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Tests.Io.Relay;

/// <summary>A peer of TCP allocations at an address that is no relay address: it listens, or connects.</summary>
sealed class PeerEnd : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    Socket? _connection;

    public PeerEnd()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        _listener.Listen();
    }

    public TransportAddress Address => TransportAddress.From((IPEndPoint)_listener.LocalEndPoint!);

    public Socket Connection => _connection!;

    public PeerEnd Accept()
    {
        Assert.True(_listener.Poll(Patience, SelectMode.SelectRead), "nobody connects");
        _connection = Timed(_listener.Accept());
        return this;
    }

    public PeerEnd Connect(TransportAddress relayed)
    {
        _connection = Timed(new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        _connection.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        _connection.Connect(relayed.ToIPEndPoint());
        return this;
    }

    public byte[] Read(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = Connection.Receive(bytes, read, count - read, SocketFlags.None);
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }

    /// <summary>Waits for the end of what it hears: true for one in order, false for a reset.</summary>
    public bool EndsInOrder()
    {
        try
        {
            while (Connection.Receive(new byte[65536]) > 0)
            {
                // Until the end.
            }

            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _listener.Dispose();
    }

    static Socket Timed(Socket socket)
    {
        (socket.ReceiveTimeout, socket.SendTimeout, socket.NoDelay) = (60_000, 60_000, true);
        return socket;
    }
}
