using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>The numbers by which a worker's connections are found again.</summary>
public sealed class ClientStreamsTests
{
    static readonly FiveTuple Tuple =
        new(TransportAddress.IPv4(0xCB00714D, 40000), TransportAddress.IPv4(0xC6290004, 3478), ClientTransport.Tcp);

    [Fact]
    public void What_is_late_for_one_does_not_meet_the_next_in_its_slot_with_the_same_five_tuple()
    {
        var ledger = new ConnectionLedger(new(), []);
        var streams = new ClientStreams(ledger);
        List<(int Number, Idle One)> former = [];
        for (var use = 0; use < 5; use++)
        {
            var (number, one) = Add(ledger, streams);
            Assert.DoesNotContain(former, before => streams.TryGet(before.Number, Tuple, out _));
            Assert.True(streams.TryGet(number, Tuple, out var found) && found == one);
            Assert.True(streams.Has(number, one));
            streams.Remove(number, one);
            Assert.False(streams.TryGet(number, Tuple, out _));
            former.Add((number, one));
        }

        Assert.Equal(0, ledger.Count);
    }

    [Fact]
    public void Many_have_numbers_of_their_own()
    {
        var ledger = new ConnectionLedger(new() { MostOfAddress = 1000, MostSilentOfAddress = 1000 }, []);
        var streams = new ClientStreams(ledger);
        var all = Enumerable.Range(0, 300).Select(_ => Add(ledger, streams)).ToArray();
        Assert.Equal(300, all.DistinctBy(one => one.Number).Count());
        Assert.All(all, one => Assert.True(streams.TryGet(one.Number, Tuple, out var found) && found == one.One));
    }

    static (int Number, Idle One) Add(ConnectionLedger ledger, ClientStreams streams)
    {
        Assert.True(ledger.TryAdmit(Tuple.Client));
        var one = new Idle(new(Tuple, streams.NextNumber));
        streams.Add(Instant.FromUnixSeconds(1), one);
        return (one.Path.Listener, one);
    }

    sealed class Idle(ClientPath path) : ClientConnection(path, 0)
    {
        public override int Descriptor => -1;

        public override bool IsClosed => false;

        public override int Waiting => 0;

        public override bool TryAdd(ReadOnlySpan<byte> message) => true;

        public override void Dispose()
        {
        }
    }
}
