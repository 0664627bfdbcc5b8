using System.Net;
using System.Net.Sockets;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>A server that does everything wrong in one way, so that one sees checks fail.</summary>
sealed class WrongServer : IDisposable
{
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly Thread _thread;
    volatile bool _ended;

    /// <param name="answer">What it answers to a datagram, or null for silence.</param>
    public WrongServer(Func<byte[], byte[]?> answer)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new(() => Serve(answer));
        _thread.Start();
    }

    /// <summary>It with everything on, so that no check is left out for what it lacks.</summary>
    public Target Target
    {
        get
        {
            var endpoint = new Endpoint(Transport.Udp, (IPEndPoint)_socket.LocalEndPoint!);
            return new()
            {
                Name = "wrong", Endpoints = [endpoint], User = new("alice", "wonderland"), SecondUser = new("bob", "builder"),
                Realm = "example.org", Quota = new(new("carol", "three"), 2),
                Peers = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")],
                DeniedPeer = IPAddress.Parse("10.0.0.1"), TokenKey = new("key-1", new byte[32], "turn.example.org"),
                FewPorts = endpoint, Redirect = endpoint, Ipv4Only = endpoint, Ipv6Client = endpoint, Ipv6Only = endpoint,
                Patience = TimeSpan.FromMilliseconds(100),
                Offers = Needs.Ipv6Relay | Needs.Mobility | Needs.TcpRelay | Needs.Dual | Needs.Userhash | Needs.Icmp | Needs.Software,
            };
        }
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _socket.Dispose();
    }

    void Serve(Func<byte[], byte[]?> answer)
    {
        var buffer = new byte[65536];
        while (!_ended)
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead)) continue;
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var count = _socket.ReceiveFrom(buffer, ref from);
            if (answer(buffer[..count]) is { } bytes) _socket.SendTo(bytes, from);
        }
    }
}
