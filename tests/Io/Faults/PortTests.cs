using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>Relay ports run out; one of the four is in the hands of another program, and is passed over.</summary>
public sealed class PortTests : IDisposable
{
    const string NoPort = "No relay port is left; give a wider range of relay ports";
    const string Shortages = "portunus_turn_shortages_total{reason=\"ports\"}";

    readonly ushort _first;
    readonly UdpClient _other;
    readonly List<RawClient> _clients = [];

    public PortTests()
    {
        (_first, var free) = FindFour();
        foreach (var socket in free) socket.Dispose();
        _other = At(_first + 2);
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Without_ports_an_allocation_is_508_and_a_port_that_was_given_back_is_had_at_once()
    {
        using var server = Serve();
        ushort[] ports = [.. Enumerable.Range(0, 3).Select(_ => Client(server).Allocate().Relayed.Port)];
        Assert.Equal([_first, (ushort)(_first + 1), (ushort)(_first + 3)], ports.Order());

        var late = Client(server);
        for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.InsufficientCapacity, late.Allocate().Error);
        await server.SaysAsync(NoPort);
        Assert.Equal(1, server.CountLines(NoPort));
        Assert.Equal(5, await server.MetricAsync(Shortages));

        Assert.Null(_clients[1].Refresh(0).Error);
        var answer = late.Allocate();
        Assert.Null(answer.Error);
        Assert.Equal(ports[1], answer.Relayed.Port);
        // What another program gave back is had, too.
        _other.Dispose();
        Assert.Equal(_first + 2, Client(server).Allocate().Relayed.Port);
        Assert.Equal(0, server.Terminate());
    }

    [Fact]
    public async Task Without_two_ports_that_are_neighbours_EVEN_PORT_is_508_and_single_ports_are_still_given()
    {
        using var server = Serve();
        var pair = Client(server).AllocatePair();
        Assert.Null(pair.Error);
        Assert.Equal(_first, pair.Relayed.Port);

        var late = Client(server);
        Assert.Equal(ErrorCode.InsufficientCapacity, late.AllocatePair().Error);
        Assert.Equal(_first + 3, late.Allocate().Relayed.Port);
        Assert.Equal(ErrorCode.InsufficientCapacity, Client(server).Allocate().Error);
        await server.SaysAsync(NoPort);
        // The second of the pair is held for who shows its token.
        Assert.Equal(_first + 1, Client(server).AllocateReserved(pair.Token!.Value).Relayed.Port);

        Assert.Null(_clients[0].Refresh(0).Error);
        Assert.Null(_clients[^1].Refresh(0).Error);
        Assert.Equal(_first, Client(server).AllocatePair().Relayed.Port);
        Assert.Equal(0, server.Terminate());
    }

    PortunusProcess Serve() => PortunusProcess.Serve(
    [
        .. FaultyServer.Least, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--relay-ports", $"{_first}-{_first + 3}",
    ]);

    RawClient Client(PortunusProcess server)
    {
        _clients.Add(server.Client());
        return _clients[^1];
    }

    static UdpClient At(int port) => new(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Four ports in a row, of which the first is even, and below those that the system gives to who asks for any.</summary>
    static (ushort First, UdpClient[] Sockets) FindFour()
    {
        while (true)
        {
            var first = Random.Shared.Next(5000, 15000) * 2;
            List<UdpClient> sockets = [];
            try
            {
                for (var port = first; port < first + 4; port++) sockets.Add(At(port));
                return ((ushort)first, [.. sockets]);
            }
            catch (SocketException)
            {
                foreach (var socket in sockets) socket.Dispose();
            }
        }
    }
}
