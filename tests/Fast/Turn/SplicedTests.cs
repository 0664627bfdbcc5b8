using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What passes between two connections is counted, and held to the bandwidth of its subject without a loss.</summary>
public class SplicedTests
{
    const int Piece = 16384;

    static readonly TurnSettings Megabit = TcpClient.Settings with { MaxKbps = 1000 };

    [Fact]
    public void Bytes_count_for_the_session_and_the_transport_of_the_client()
    {
        var stand = new TurnStand(TcpClient.Settings);
        var id = Spliced(stand);
        stand.Server.OnRelayed(id, RelayDirection.ToPeer, 1000);
        stand.Server.OnRelayed(id, RelayDirection.ToClient, 7);
        var traffic = stand.Ledger.Sessions().Single().Traffic;
        Assert.Equal((1000, 1, 7, 1), (traffic.ToPeerBytes, traffic.ToPeerPackets, traffic.ToClientBytes, traffic.ToClientPackets));
        Assert.Equal(1000, stand.Server.Counters.By(ClientTransport.Tcp).Traffic.ToPeerBytes);
        Assert.Equal(int.MaxValue, stand.Server.MostToRelay(stand.Now, id, RelayDirection.ToPeer, out _));
    }

    [Fact]
    public void Who_has_a_limit_reads_at_that_rate_in_each_direction()
    {
        var stand = new TurnStand(Megabit);
        var id = Spliced(stand);
        // The burst of 65,536 bytes and ten seconds of 125,000; less the part of a turn that is kept for others.
        Assert.InRange(Run(stand, [id], RelayDirection.ToPeer)[0], 1_300_000, 65_536 + 1_250_000);
        Assert.InRange(Run(stand, [id], RelayDirection.ToClient)[0], 1_300_000, 65_536 + 1_250_000);
    }

    [Fact]
    public void Two_allocations_of_one_user_share_the_limit_fairly()
    {
        var stand = new TurnStand(Megabit);
        var read = Run(stand, [Spliced(stand), Spliced(stand, "203.0.113.99:1", 2)], RelayDirection.ToPeer);
        Assert.InRange(read.Sum(), 1_300_000, 65_536 + 1_250_000);
        Assert.All(read, bytes => Assert.InRange(bytes, 400_000, 900_000));
    }

    [Fact]
    public void When_to_ask_again_is_later_than_now_and_soon()
    {
        var stand = new TurnStand(TcpClient.Settings with { MaxKbps = 8 });
        var id = Spliced(stand);
        while (stand.Server.MostToRelay(stand.Now, id, RelayDirection.ToPeer, out _) is > 0 and var most)
            stand.Server.OnRelayed(id, RelayDirection.ToPeer, most);
        Assert.Equal(0, stand.Server.MostToRelay(stand.Now, id, RelayDirection.ToPeer, out var again));
        Assert.InRange((again - stand.Now).TotalMilliseconds, 0.9, 100);
        // The other direction has its own.
        Assert.NotEqual(0, stand.Server.MostToRelay(stand.Now, id, RelayDirection.ToClient, out _));
    }

    static ConnectionId Spliced(TurnStand stand, string address = "203.0.113.77:40000", int port = 1)
    {
        var id = TcpClient.Control(stand, address).Connect($"9.9.9.9:{port}").Connection;
        TcpClient.Data(stand, id, port);
        return new(id!.Value);
    }

    /// <summary>Ten seconds of streams that have something to say at any time; how many bytes each got through.</summary>
    static long[] Run(TurnStand stand, ConnectionId[] streams, RelayDirection direction)
    {
        var read = new long[streams.Length];
        var again = streams.Select(_ => stand.Now).ToArray();
        var end = stand.Now + TimeSpan.FromSeconds(10);
        while (stand.Now < end)
        {
            for (var i = 0; i < streams.Length; i++)
            {
                if (stand.Now < again[i]) continue;
                var length = Math.Min(stand.Server.MostToRelay(stand.Now, streams[i], direction, out again[i]), Piece);
                if (length == 0) continue;
                stand.Server.OnRelayed(streams[i], direction, length);
                read[i] += length;
            }

            stand.Pass(TimeSpan.FromMilliseconds(1));
        }

        return read;
    }
}
