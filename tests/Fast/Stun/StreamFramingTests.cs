using System.Buffers.Binary;
using CsCheck;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class StreamFramingTests
{
    const string Cookie = "2112a442";

    static readonly Gen<byte[]> GenChannelData = Gen.Select(Gen.UShort[0x4000, 0x7FFF], Gen.Byte.Array[0, 300], (number, payload) =>
    {
        var bytes = new byte[4 + payload.Length];
        ChannelData.WriteHeader(bytes, new(number), payload.Length);
        payload.CopyTo(bytes, 4);
        return bytes;
    });

    static readonly Gen<byte[]> GenStun = Gen.Select(Gen.UShort[0, 0x3FF], Gen.Byte.Array[0, 300], (type, rest) =>
    {
        var bytes = new byte[StunMessage.HeaderLength + (rest.Length & ~3)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(rest.Length & ~3));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), StunMessage.MagicCookie);
        rest.AsSpan(0, rest.Length & ~3).CopyTo(bytes.AsSpan(StunMessage.HeaderLength));
        return bytes;
    });

    static readonly Gen<byte[][]> GenMessages = Gen.OneOf(GenChannelData, GenStun).Array[0, 12];

    [Fact]
    public void Any_way_of_cutting_the_stream_gives_the_same_messages() =>
        Gen.Select(GenMessages, Gen.Int[1, 700].Array[1, 10]).Sample((messages, sizes) =>
        {
            var stream = messages.SelectMany(m => m.Concat(new byte[-m.Length & 3])).ToArray();
            using var framing = new StreamFraming();
            Assert.Equal(messages, Cut(framing, stream, sizes));
            Assert.Equal((StreamFault.None, 0), (framing.Fault, framing.Unfinished));
        });

    [Fact]
    public void A_byte_at_a_time_is_a_way_of_cutting_it() => GenMessages.Sample(messages =>
    {
        using var framing = new StreamFraming();
        Assert.Equal(messages, Cut(framing, [.. messages.SelectMany(m => m.Concat(new byte[-m.Length & 3]))], [1]));
    });

    [Fact]
    public void Any_bytes_give_the_same_messages_and_the_same_fault_whole_or_in_pieces() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.OneOf(GenChannelData, GenStun, Gen.Const(Array.Empty<byte>())), Gen.Int[1, 30].Array[1, 9])
            .Sample((hostile, before, sizes) =>
            {
                byte[] stream = [.. before, .. new byte[-before.Length & 3], .. hostile];
                using var whole = new StreamFraming();
                using var inPieces = new StreamFraming();
                var expected = Cut(whole, stream, [stream.Length + 1]);
                Assert.Equal(expected, Cut(inPieces, stream, sizes));
                Assert.Equal((whole.Fault, whole.Unfinished), (inPieces.Fault, inPieces.Unfinished));
            });

    [Theory]
    [InlineData("16030102000100", StreamFault.NeitherKind)]
    [InlineData("47", StreamFault.None)]
    [InlineData("80", StreamFault.NeitherKind)]
    [InlineData("ff", StreamFault.NeitherKind)]
    [InlineData("04", StreamFault.NeitherKind)]
    [InlineData("000100", StreamFault.None)]
    [InlineData("00010001", StreamFault.BadLength)]
    [InlineData("00010002", StreamFault.BadLength)]
    [InlineData("0001fffc", StreamFault.TooLong)]
    [InlineData("0001fff0", StreamFault.TooLong)]
    [InlineData("0001ffec", StreamFault.None)]
    [InlineData("0001000821", StreamFault.None)]
    [InlineData("0001000821120442", StreamFault.BadCookie)]
    [InlineData("00010008" + Cookie, StreamFault.None)]
    [InlineData("4000ffff", StreamFault.None)]
    public void A_stream_ends_at_what_cannot_begin_a_message_and_as_soon_as_that_is_seen(string hex, StreamFault expected)
    {
        using var framing = new StreamFraming();
        Assert.Empty(Cut(framing, Convert.FromHexString(hex), [1]));
        Assert.Equal(expected, framing.Fault);
    }

    [Fact]
    public void After_a_fault_nothing_more_is_cut()
    {
        using var framing = new StreamFraming();
        Assert.Single(Cut(framing, Convert.FromHexString("40000000" + "ff" + "40000000"), [100]));
        Assert.Empty(Cut(framing, Convert.FromHexString("40000000"), [100]));
        Assert.Equal(StreamFault.NeitherKind, framing.Fault);
    }

    [Fact]
    public void The_longest_ChannelData_passes_and_a_lower_bound_is_kept()
    {
        var longest = new byte[StreamFraming.MostLength + 1];
        ChannelData.WriteHeader(longest, new(0x4000), 65535);
        using var framing = new StreamFraming();
        Assert.Equal(StreamFraming.MostLength, Assert.Single(Cut(framing, longest, [1000])).Length);

        using var bounded = new StreamFraming(mostLength: 100);
        Assert.Single(Cut(bounded, [.. "\x40\0\0\x60"u8, .. new byte[0x60]], [7]));
        Assert.Empty(Cut(bounded, [.. "\x40\0\0\x61"u8, .. new byte[0x64]], [7]));
        Assert.Equal(StreamFault.TooLong, bounded.Fault);
    }

    [Fact]
    public void A_message_is_not_given_before_its_padding_has_come()
    {
        using var framing = new StreamFraming();
        Assert.Empty(Cut(framing, Convert.FromHexString("40000001aa0000"), [100]));
        Assert.Equal(7, framing.Unfinished);
        Assert.Equal(Convert.FromHexString("40000001aa"), Assert.Single(Cut(framing, [0], [1])));
    }

    [Fact]
    public void Cutting_allocates_nothing()
    {
        const string ChannelDataTwice = "4000000511223344550000004001000300112200";
        var stream = Convert.FromHexString(ChannelDataTwice + "00010004" + Cookie + "000102030405060708090a0b" + "00000000");
        using var framing = new StreamFraming();
        Assert.Equal(0, Heap.TakenBy(() =>
        {
            for (var cut = 1; cut < stream.Length; cut++)
            {
                ReadOnlySpan<byte> piece = stream.AsSpan(0, cut);
                var count = 0;
                while (framing.TryTake(ref piece, out _)) count++;
                piece = stream.AsSpan(cut);
                while (framing.TryTake(ref piece, out _)) count++;
                if (count != 3) throw new InvalidOperationException($"{count} messages, cut at {cut}");
            }
        }));
    }

    static List<byte[]> Cut(StreamFraming framing, byte[] stream, int[] sizes)
    {
        var messages = new List<byte[]>();
        for (int at = 0, turn = 0; at < stream.Length; turn++)
        {
            ReadOnlySpan<byte> piece = stream.AsSpan(at, Math.Min(sizes[turn % sizes.Length], stream.Length - at));
            at += piece.Length;
            while (framing.TryTake(ref piece, out var message)) messages.Add(message.ToArray());
        }

        return messages;
    }
}
