using System.Net;
using CsCheck;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>Multicast DNS as bytes (RFC 6762 §6.7, RFC 1035 §4.1).</summary>
public sealed class MulticastMessageTests
{
    const ushort Id = 0x1234;
    static readonly DnsQuestion Turn = new("_turn._udp.local", DnsType.Ptr);

    [Fact]
    public void A_question_is_one_of_the_DNS() => Assert.Equal(
        [0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. "\x05_turn\x04_udp\x05local\0"u8, 0, 12, 0, 1], Question(Turn));

    [Theory]
    [InlineData(@"a\.b\032c\255.local")]
    [InlineData(@"a\\b.local")]
    public void A_label_keeps_its_dots_spaces_and_bytes(string name)
    {
        var question = new DnsQuestion(name, DnsType.Srv);
        Assert.Empty(MulticastMessage.Read(Answer(question), Id, question)!);
        Assert.Null(MulticastMessage.Read(Answer(question), Id, question with { Name = "a.local" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..local")]
    [InlineData("a.local.")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256.local")]
    [InlineData("\u00e9.local")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.local")]
    public void What_is_no_name_is_no_question(string name) => Assert.Null(MulticastMessage.Ask(Id, new(name, DnsType.A)));

    [Fact]
    public void A_name_of_more_than_255_bytes_is_none() =>
        Assert.Null(MulticastMessage.Ask(Id, new(string.Join('.', Enumerable.Repeat("abcdefg", 32)), DnsType.A)));

    [Fact]
    public void An_answer_brings_what_is_asked_next_with_it()
    {
        // The instance "House" points into the question; SRV and A come along, with the bit that flushes caches.
        byte[] answer =
        [
            .. Answer(Turn, answers: 1, additional: 2),
            0xC0, 12, 0, 12, 0, 1, 0, 0, 0, 10, 0, 8, .. "\x05House"u8, 0xC0, 12,
            0xC0, 46, 0, 33, 0x80, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 0, 0x13, 0x88, 1, (byte)'h', 0xC0, 23,
            1, (byte)'h', 0xC0, 23, 0, 1, 0x80, 1, 0, 0, 0, 10, 0, 4, 192, 0, 2, 9,
        ];
        Assert.Equal(
            [
                (Turn, new DnsRecord.Instance("house._turn._udp.local")),
                (new("house._turn._udp.local", DnsType.Srv), new DnsRecord.Service(0, 0, 5000, "h.local")),
                (new("h.local", DnsType.A), (DnsRecord)new DnsRecord.Address(IPAddress.Parse("192.0.2.9"))),
            ],
            MulticastMessage.Read(answer, Id, Turn));
    }

    [Fact]
    public void An_answer_to_another_question_or_id_and_a_question_are_none_to_ours()
    {
        Assert.NotNull(MulticastMessage.Read(Answer(Turn), Id, Turn));
        Assert.Null(MulticastMessage.Read(Answer(Turn), Id + 1, Turn));
        Assert.Null(MulticastMessage.Read(Answer(new("_turn._tcp.local", DnsType.Ptr)), Id, Turn));
        Assert.Null(MulticastMessage.Read(Answer(Turn with { Type = DnsType.Srv }), Id, Turn));
        Assert.Null(MulticastMessage.Read(Question(Turn), Id, Turn));
        // RCODE 3.
        Assert.Null(MulticastMessage.Read([.. Answer(Turn)[..3], 3, .. Answer(Turn)[4..]], Id, Turn));
        // Without the question, as among responders.
        Assert.Null(MulticastMessage.Read([0x12, 0x34, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0], Id, Turn));
    }

    [Theory]
    [InlineData(34)]
    [InlineData(40)]
    [InlineData(0x3FFF)]
    public void A_name_that_goes_on_where_it_stands_or_later_is_no_name(int place) => Assert.Null(
        MulticastMessage.Read([.. Answer(Turn, answers: 1), (byte)(0xC0 | place >> 8), (byte)place, .. new byte[20]], Id, Turn));

    [Fact]
    public void Of_a_thousand_records_64_are_read()
    {
        byte[] record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 10, 0, 4, 192, 0, 2, 9];
        byte[] answer = [.. Answer(Turn, answers: 1000), .. Enumerable.Repeat(record, 1000).SelectMany(bytes => bytes)];
        Assert.Equal(MulticastMessage.MostRecords, MulticastMessage.Read(answer, Id, Turn)!.Count);
    }

    [Fact]
    public void Any_bytes_behind_a_true_beginning_give_a_value() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 9]).Sample((bytes, count) =>
        {
            byte[] answer = [.. Answer(Turn, count, count), .. bytes];
            var records = MulticastMessage.Read(answer, Id, Turn);
            Assert.True(records is null || records.Count <= 2 * count);
            for (var length = 0; length < answer.Length; length += 7) MulticastMessage.Read(answer.AsSpan(0, length), Id, Turn);
        });

    static byte[] Question(DnsQuestion question) => MulticastMessage.Ask(Id, question)!;

    static byte[] Answer(DnsQuestion question, int answers = 0, int additional = 0)
    {
        var message = Question(question);
        message[2] = 0x84;
        (message[6], message[7], message[11]) = ((byte)(answers >> 8), (byte)answers, (byte)additional);
        return message;
    }
}
