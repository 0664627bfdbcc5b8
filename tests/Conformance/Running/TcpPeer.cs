using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Conformance.Running;

/// <summary>A peer of TCP allocations: listens, or connects to a relayed address.</summary>
sealed class TcpPeer : IDisposable
{
    readonly TcpListener _listener;
    readonly TimeSpan _patience;
    Socket? _connection;
    readonly List<Socket> _fillers = [];
    bool _isReset;

    public TcpPeer(IPAddress at, TimeSpan patience)
    {
        _patience = patience;
        _listener = new(at, 0);
        _listener.Start();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The address of a connection that the peer made.</summary>
    public IPEndPoint ConnectedFrom => (IPEndPoint)_connection!.LocalEndPoint!;

    /// <summary>Fills the queue of connections, so that the system drops whoever comes next: an attempt that hangs.</summary>
    public void StopAccepting()
    {
        _listener.Stop();
        _listener.Start(0);
        for (var i = 0; i < 2; i++)
        {
            var filler = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fillers.Add(filler);
            try
            {
                filler.Connect(Address);
            }
            catch (SocketException pending) when (pending.SocketErrorCode == SocketError.WouldBlock)
            {
                // The second one waits, as it shall.
            }
        }
    }

    /// <summary>Takes the connection of a relay.</summary>
    public void Accept()
    {
        if (!_listener.Server.Poll(_patience, SelectMode.SelectRead)) throw new CheckFailedException("nobody connected to the peer");
        _connection = _listener.AcceptSocket();
    }

    /// <summary>Connects to a relayed address.</summary>
    public void Connect(IPEndPoint relayed)
    {
        _connection = new(relayed.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _connection.Bind(new IPEndPoint(Address.Address, 0));
        using var late = new CancellationTokenSource(_patience);
        try
        {
            _connection.ConnectAsync(relayed, late.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            _isReset = true; // Accepted, and ended before we saw it.
        }
    }

    public void Send(string text) => _connection!.Send(Encoding.ASCII.GetBytes(text));

    public void MustHear(string text)
    {
        var heard = new byte[text.Length];
        var count = 0;
        while (count < heard.Length && _connection!.Poll(_patience, SelectMode.SelectRead)
               && _connection.Receive(heard.AsSpan(count)) is > 0 and var more) count += more;
        var what = Encoding.ASCII.GetString(heard, 0, count);
        Trial.Require(what == text, $"the peer heard '{what}', not '{text}'");
    }

    /// <summary>Whether the relay ends the connection in time.</summary>
    public bool Ends(TimeSpan within)
    {
        try
        {
            return _isReset || _connection!.Poll(within, SelectMode.SelectRead) && _connection.Receive(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true; // A reset is an end, too.
        }
    }

    public void Close() => _connection?.Dispose();

    public void Dispose()
    {
        _connection?.Dispose();
        foreach (var filler in _fillers) filler.Dispose();
        _listener.Dispose();
    }
}
