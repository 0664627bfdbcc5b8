using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Transport;

namespace Portunus.Tests.Io.Faults;

/// <summary>File descriptors run out: what is new is refused, what lives goes on, and the log says what to do.</summary>
public sealed class DescriptorTests
{
    const int Files = 320;

    [Theory]
    [InlineData("linux")]
    [InlineData("portable")]
    public async Task Without_descriptors_an_allocation_is_508_and_what_lives_goes_on_and_the_admin_is_reached(string path)
    {
        using var server = PortunusProcess.ServeWithFiles(
            Files, [.. FaultyServer.Least, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--datapath", path]);
        using var call = new LivingCall(server.Client());
        List<RawClient> clients = [];
        try
        {
            Answer answer = default;
            while (answer.Error is null && clients.Count < Files)
            {
                clients.Add(server.Client());
                answer = clients[^1].Allocate();
            }

            Assert.Equal(ErrorCode.InsufficientCapacity, answer.Error);
            for (var i = 0; i < 20; i++) Assert.Equal(ErrorCode.InsufficientCapacity, clients[^1].Allocate().Error);
            call.GoesOn();
            Assert.Equal(21, await server.MetricAsync("portunus_turn_relays_refused_total"));
            await server.SaysAsync(FaultyServer.ToRaiseFiles);
            Assert.Equal(1, server.CountLines(FaultyServer.ToRaiseFiles));

            Assert.Null(clients[0].Refresh(0).Error);
            Assert.Null(clients[^1].Allocate().Error);
            call.GoesOn();
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }

        Assert.Equal(0, server.Terminate());
    }

    [Theory]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public async Task Without_descriptors_a_connection_is_closed_and_those_that_are_there_go_on(ClientTransport transport)
    {
        using var files = PemFiles.Create();
        using var server = PortunusProcess.ServeWithFiles(Files,
        [
            .. FaultyServer.Least, "--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0", "--admin", "127.0.0.1:0",
            "--certificate", files.Certificate, "--certificate-key", files.Key,
        ]);
        using var call = new LivingCall(server.Client(transport));
        List<RawStream> others = [];
        try
        {
            while (others.Count < Files && server.Knock(transport) is { } taken) others.Add(taken);
            Assert.InRange(others.Count, 1, Files - 1);
            for (var i = 0; i < 5; i++) Assert.Null(server.Knock(transport));
            call.GoesOn();
            Assert.InRange(await server.MetricAsync("portunus_turn_streams_refused_total"), 6, 12);
            await server.SaysAsync(FaultyServer.ToRaiseFiles);
            Assert.Equal(1, server.CountLines(FaultyServer.ToRaiseFiles));

            others[0].Dispose();
            // The server sees the end of one connection, and the beginning of the next, in an order of its own.
            await Eventually.TrueAsync(() =>
            {
                if (server.Knock(transport) is not { } taken) return false;
                others.Add(taken);
                return true;
            });
            call.GoesOn();
        }
        finally
        {
            foreach (var other in others) other.Dispose();
        }

        Assert.Equal(0, server.Terminate());
    }
}
