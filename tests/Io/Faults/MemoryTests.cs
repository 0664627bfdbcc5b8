using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>Memory runs out: what is new is refused before the process dies of it, and what lives goes on.</summary>
public sealed class MemoryTests
{
    const int Most = 1000;

    // Of one address there may be 1024 connections.
    const int Many = 950;
    const string Short = "Memory is short: ";
    const string Refused = "portunus_turn_shortages_total{reason=\"memory\"}";

    // 48 MiB for all that the runtime keeps; 20, which the allocations of a thousand clients fill.
    static readonly Dictionary<string, string> Little = new() { ["DOTNET_GCHeapHardLimit"] = "0x3000000" };
    static readonly Dictionary<string, string> Least = new() { ["DOTNET_GCHeapHardLimit"] = "0x1400000" };

    // Messages that are not whole: the server keeps its part, and the client has broken no rule. Of a small one nobody counts it.
    static readonly byte[] Part = PartOfMessage(60_000);
    static readonly byte[] SmallPart = PartOfMessage(4_000);

    [Fact]
    public async Task When_memory_is_short_new_clients_are_refused_and_what_lives_goes_on_until_there_is_more()
    {
        using var server = PortunusProcess.ServeUnder(
            Least, [.. FaultyServer.Least, "--listen", "udp:127.0.0.1:0", "--listen", "tcp:127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        using var call = new LivingCall(server.Client(ClientTransport.Tcp));
        using var late = server.Client();
        List<RawClient> clients = [];
        try
        {
            Answer answer = default;
            while (answer.Error is null && clients.Count < Most)
            {
                if (late.Allocate().Error is not null) break;
                Assert.Null(late.Refresh(0).Error);
                if (server.Knock(ClientTransport.Tcp) is not { } stream) break;
                clients.Add(new(stream, "alice", "secret"));
                answer = clients[^1].Allocate();
                if (answer.Error is null) clients[^1].SendRaw(SmallPart);
            }

            await server.SaysAsync(Short);
            Assert.InRange(clients.Count, 10, Most - 1);
            for (var i = 0; i < 5; i++) Assert.Equal(ErrorCode.InsufficientCapacity, late.Allocate().Error);
            Assert.Null(server.Knock(ClientTransport.Tcp));
            call.GoesOn();
            Assert.InRange(await server.MetricAsync(Refused), 5, 8);
            Assert.Equal(1, await server.MetricAsync("portunus_turn_memory_short"));
            Assert.Equal(1, server.CountLines(Short));
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }

        await server.SaysAsync("There is memory again");
        // Said when the workers were told; they may not have read it.
        await Eventually.TrueAsync(() => late.Allocate().Error is null);
        call.GoesOn();
        Assert.Equal(0, server.Terminate());
        Assert.DoesNotContain("OutOfMemory", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_all_begin_a_long_message_at_once_lose_their_connections_and_nobody_else_does()
    {
        using var server = PortunusProcess.ServeUnder(
            Little, [.. FaultyServer.Least, "--listen", "udp:127.0.0.1:0", "--listen", "tcp:127.0.0.1:0"]);
        using var call = new LivingCall(server.Client());
        List<(RawStream Stream, RawClient Client)> clients = [];
        try
        {
            // Together they would keep more than there is.
            while (clients.Count < Many && server.Knock(ClientTransport.Tcp) is { } stream)
            {
                clients.Add((stream, new(stream, "alice", "secret")));
                Assert.Null(clients[^1].Client.Allocate().Error);
            }

            Assert.Equal(Many, clients.Count);
            foreach (var (stream, _) in clients) Begin(stream);
            await Eventually.TrueAsync(() => clients.Any(client => client.Stream.HasEnded));
            call.GoesOn();
        }
        finally
        {
            foreach (var (_, client) in clients) client.Dispose();
        }

        using var late = server.Client();
        await Eventually.TrueAsync(() => late.Allocate().Error is null);
        Assert.Equal(0, server.Terminate());
    }

    static void Begin(RawStream stream)
    {
        try
        {
            stream.Write(Part);
        }
        catch (IOException)
        {
            // Closed already.
        }
    }

    static byte[] PartOfMessage(int length)
    {
        var message = new byte[length];
        ChannelData.WriteHeader(message, new(0x4000), 64_000);
        return message;
    }
}
