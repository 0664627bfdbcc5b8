using CsCheck;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

public sealed class TlsSessionTests : IDisposable
{
    readonly PemFiles _files = PemFiles.Create();
    readonly TlsContext _server;
    readonly TlsContext _client = TlsContext.Client(isDatagrams: false);

    public TlsSessionTests() => _server = TlsContext.ForStreams(_files.Certificate, _files.Key);

    [Fact]
    public void Any_way_of_cutting_the_stream_opens_it_and_says_the_same() =>
        Gen.Select(Gen.Int[1, 600].Array[1, 6], Gen.Byte.Array[1, 40_000]).Sample((sizes, said) =>
        {
            using TlsPair pair = new(_server, _client);
            var turn = 0;
            while (pair.Client.OutgoingLength + pair.Server.OutgoingLength > 0)
            {
                Assert.Empty(InPieces(pair, pair.Server, TlsPair.TakeFrom(pair.Client), sizes, ref turn));
                Assert.Empty(InPieces(pair, pair.Client, TlsPair.TakeFrom(pair.Server), sizes, ref turn));
            }

            Assert.Equal(TlsState.Open, pair.Server.State);
            Assert.True(pair.Client.TryWrite(said));
            Assert.Equal(said, InPieces(pair, pair.Server, TlsPair.TakeFrom(pair.Client), sizes, ref turn));
        }, iter: 30);

    [Fact]
    public void What_the_client_says_with_its_Finished_is_heard_at_once_and_answered_by_no_ticket()
    {
        using TlsPair pair = new(_server, _client);
        Assert.Empty(pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client)));
        pair.Give(pair.Client, TlsPair.TakeFrom(pair.Server));
        Assert.True(pair.Client.TryWrite("Allocate"u8));
        Assert.Equal("Allocate"u8, pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client)));
        Assert.Equal(("TLSv1.3", 0), (pair.Server.Protocol, pair.Server.OutgoingLength));
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a0d0a")]
    [InlineData("0001000021120442000102030405060708090a0b")]
    [InlineData("16030100040000000000")]
    [InlineData("1503010002022a")]
    [InlineData("ffffffffffffffffffffffff")]
    public void What_is_no_handshake_is_refused(string hex)
    {
        using TlsSession session = new(_server, ServedStream.Start);
        ReadOnlySpan<byte> piece = Convert.FromHexString(hex);
        Assert.Equal(0, session.Read(ref piece, new byte[SecureSession.MostRecord]));
        Assert.True(piece.IsEmpty);
        Assert.Equal((TlsState.Closed, TlsEnd.Refused), (session.State, session.Ended));
        Assert.NotEqual("", OpenSsl.Describe(session.ErrorNumber));
    }

    [Fact]
    public void Any_bytes_at_any_stage_are_a_value() =>
        Gen.Select(Gen.Int[0, 2], Gen.Byte.Array[1, 200], Gen.Bool).Sample((stage, garbage, likeARecord) =>
        {
            using TlsPair pair = new(_server, _client);
            if (stage > 0) Assert.Empty(pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client)));
            if (stage > 1) pair.Opened();
            byte[] piece = likeARecord ? [(byte)(20 + (garbage[0] % 5)), 3, 3, 0, (byte)garbage.Length, .. garbage] : garbage;
            Assert.Empty(pair.Give(pair.Server, piece));
            Assert.False(stage < 2 && pair.Server.State == TlsState.Open);
        }, iter: 300);

    [Fact]
    public void A_flipped_bit_in_any_flight_or_record_lets_nothing_through() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 7], Gen.Bool).Sample((where, bit, afterwards) =>
        {
            using TlsPair pair = new(_server, _client);
            if (afterwards) pair.Opened();
            else Assert.Empty(pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client)));
            if (!afterwards) pair.Give(pair.Client, TlsPair.TakeFrom(pair.Server));
            Assert.True(pair.Client.TryWrite("a secret word"u8));
            var piece = TlsPair.TakeFrom(pair.Client);
            var change = afterwards ? where % piece.Length : where % (piece.Length - 35);
            piece[change] ^= (byte)(1 << bit);
            // The compatibility record of TLS 1.3 may be anything that passes for one (RFC 8446 §5); the rest is all protected.
            if (pair.Give(pair.Server, piece).Length > 0) Assert.True(!afterwards && change < 6, $"byte {change}");
        }, iter: 300);

    [Fact]
    public void A_record_that_is_not_whole_waits_for_its_rest()
    {
        using var pair = new TlsPair(_server, _client).Opened();
        Assert.True(pair.Client.TryWrite("in two"u8));
        var record = TlsPair.TakeFrom(pair.Client);
        Assert.Empty(pair.Give(pair.Server, record.AsSpan(0, record.Length - 1)));
        Assert.Equal(TlsState.Open, pair.Server.State);
        Assert.Equal("in two"u8, pair.Give(pair.Server, record.AsSpan(record.Length - 1)));
    }

    [Fact]
    public void A_replayed_record_ends_the_session()
    {
        using var pair = new TlsPair(_server, _client).Opened();
        Assert.True(pair.Client.TryWrite("once"u8));
        var record = TlsPair.TakeFrom(pair.Client);
        Assert.Equal("once"u8, pair.Give(pair.Server, record));
        Assert.Empty(pair.Give(pair.Server, record));
        Assert.Equal((TlsState.Closed, TlsEnd.Broken), (pair.Server.State, pair.Server.Ended));
        Assert.NotEqual(0, pair.Server.OutgoingLength);
    }

    [Fact]
    public void A_handshake_has_a_bound_of_bytes()
    {
        using TlsSession session = new(_server, ServedStream.Start);
        var plain = new byte[SecureSession.MostRecord];
        // A hello that claims to be long, in records as long as may be.
        byte[] record = [22, 3, 1, 0x40, 0, 1, 1, 0xFF, 0xFF, 3, 3, .. new byte[16_384 - 6]];
        var given = 0;
        for (; session.State == TlsState.Handshaking; given += record.Length)
        {
            Assert.InRange(given, 0, 50_000);
            ReadOnlySpan<byte> piece = record;
            Assert.Equal(0, session.Read(ref piece, plain));
        }

        Assert.Equal(TlsEnd.TooMuch, session.Ended);
    }

    [Fact]
    public void A_handshake_that_does_not_end_in_time_is_given_up()
    {
        using TlsSession session = new(_server, ServedStream.Start);
        var end = ServedStream.Start + TlsSession.MostHandshakeTime;
        Assert.Equal(end, session.Deadline(ServedStream.Start));
        session.OnDeadline(end + TimeSpan.FromTicks(-1));
        Assert.Equal(TlsState.Handshaking, session.State);
        session.OnDeadline(end);
        Assert.Equal((TlsState.Closed, TlsEnd.TooSlow), (session.State, session.Ended));
        Assert.Null(session.Deadline(end));
    }

    [Fact]
    public void For_a_peer_that_does_not_read_only_so_much_waits_and_the_rest_is_lost()
    {
        using var pair = new TlsPair(_server, _client, mostOutgoing: 10_000).Opened();
        var message = new byte[1000];
        var taken = 0;
        while (pair.Server.TryWrite(message)) taken++;
        Assert.Equal(9, taken);
        Assert.InRange(pair.Server.OutgoingLength, 9_000, 10_000);
        Assert.Equal(TlsState.Open, pair.Server.State);
        Assert.Equal(9_000, pair.Give(pair.Client, TlsPair.TakeFrom(pair.Server)).Length);
        Assert.True(pair.Server.TryWrite(message));
    }

    [Fact]
    public void What_goes_out_in_pieces_arrives_whole()
    {
        using var pair = new TlsPair(_server, _client).Opened();
        var sent = Enumerable.Range(0, 3000).Select(i => (byte)i).ToArray();
        List<byte> arrived = [];
        for (var at = 0; at < sent.Length; at += 100)
        {
            Assert.True(pair.Server.TryWrite(sent.AsSpan(at, 100)));
            var piece = pair.Server.Outgoing[..Math.Min(77, pair.Server.OutgoingLength)].ToArray();
            pair.Server.Sent(piece.Length);
            arrived.AddRange(pair.Give(pair.Client, piece));
        }

        arrived.AddRange(pair.Give(pair.Client, TlsPair.TakeFrom(pair.Server)));
        Assert.Equal(sent, arrived);
    }

    [Fact]
    public void After_its_end_it_takes_everything_in_and_says_nothing()
    {
        var pair = new TlsPair(_server, _client).Opened();
        pair.Server.Dispose();
        pair.Server.Dispose();
        Assert.Empty(pair.Give(pair.Server, [1, 2, 3]));
        Assert.False(pair.Server.TryWrite([1]));
        pair.Server.Close();
        pair.Server.OnDeadline(ServedStream.Start);
        Assert.Equal((0, ""), (pair.Server.OutgoingLength, pair.Server.Protocol));
        Assert.True(pair.Server.Outgoing.IsEmpty);
        pair.Dispose();
    }

    [Fact]
    public void Passing_bytes_allocates_nothing_on_the_heap()
    {
        using var pair = new TlsPair(_server, _client).Opened();
        var (message, plain) = (new byte[1200], new byte[SecureSession.MostRecord]);
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                pair.Client.TryWrite(message);
                var piece = pair.Client.Outgoing;
                while (pair.Server.Read(ref piece, plain) > 0) { }
                pair.Client.Sent(pair.Client.OutgoingLength);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _files.Dispose();
    }

    static byte[] InPieces(TlsPair pair, TlsSession to, byte[] bytes, int[] sizes, ref int turn)
    {
        List<byte> said = [];
        for (var at = 0; at < bytes.Length;)
        {
            var piece = bytes.AsSpan(at, Math.Min(sizes[turn++ % sizes.Length], bytes.Length - at));
            at += piece.Length;
            said.AddRange(pair.Give(to, piece));
        }

        return [.. said];
    }
}
