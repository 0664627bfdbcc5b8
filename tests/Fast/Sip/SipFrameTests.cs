using System.Text;
using CsCheck;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class SipFrameTests
{
    const string Head = "OPTIONS sip:a@b.example SIP/2.0\r\n";

    static readonly string[] Breaks = ["\r\n", "l: 3\r\n", "abc", Head, "\r\n\r\n"];

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nbody", 4)]
    [InlineData("l:4\r\n\r\nbody", 4)]
    [InlineData("CONTENT-LENGTH :\r\n 4\r\nX: y\r\n\r\nbody", 4)]
    [InlineData("X: content-length: 9\r\n l: 9\r\nContent-Length: 0\r\n\r\n", 0)]
    [InlineData("l: 4\r\nContent-Length: 4\r\n\r\nbody", 4)]
    public void A_message_ends_where_its_Content_Length_says(string rest, int body)
    {
        var whole = Head + rest;
        Assert.EndsWith(whole[(whole.Length - body)..], whole, StringComparison.Ordinal);
        Assert.Equal(new(SipFrameKind.Message, whole.Length), Read(whole));
        Assert.Equal(new(SipFrameKind.Message, whole.Length), Read(whole + whole));
    }

    [Fact]
    public void Until_its_last_byte_is_there_a_message_waits_for_more()
    {
        var whole = Head + "Content-Length: 4\r\n\r\nbody";
        for (var length = 0; length < whole.Length; length++) Assert.Equal(SipFrameKind.More, Read(whole[..length]).Kind);
    }

    [Theory]
    [InlineData("X: y\r\n\r\n")]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length: 4x\r\n\r\nbody")]
    [InlineData("Content-Length:\r\n\r\n")]
    [InlineData("Content-Length: 4\r\nl: 5\r\n\r\nbody!")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("Content-Length: 65535\r\n\r\n")]
    public void Where_nobody_can_say_where_the_next_begins_the_stream_is_broken(string rest) =>
        Assert.Equal(SipFrameKind.Broken, Read(Head + rest).Kind);

    [Fact]
    public void A_head_without_an_end_is_not_collected_for_ever()
    {
        Assert.Equal(SipFrameKind.More, Read(new string('a', SipLimits.MessageBytes - 1)).Kind);
        Assert.Equal(SipFrameKind.Broken, Read(new string('a', SipLimits.MessageBytes)).Kind);
    }

    [Fact]
    public void Line_breaks_between_messages_are_keep_alives()
    {
        Assert.Equal(new(SipFrameKind.Ping, 4), Read("\r\n\r\n"));
        Assert.Equal(new(SipFrameKind.Ping, 4), Read("\r\n\r\n" + Head));
        Assert.Equal(new(SipFrameKind.LineBreak, 2), Read("\r\n" + Head));
        foreach (var part in new[] { "\r", "\r\n", "\r\n\r" }) Assert.Equal(SipFrameKind.More, Read(part).Kind);
        Assert.Equal(SipFrameKind.Broken, Read("\rx").Kind);
    }

    [Fact]
    public void Any_bytes_are_cut_into_frames_within_them() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.OneOf([.. Breaks.Select(text => Gen.Const(text))]).Array[0, 8]
            .Select(parts => Encoding.ASCII.GetBytes(string.Concat(parts)))).Sample(bytes =>
        {
            var frame = SipFrame.Read(bytes);
            Assert.InRange(frame.Length, 0, bytes.Length);
            Assert.Equal(frame.Kind is SipFrameKind.More or SipFrameKind.Broken, frame.Length == 0);
        });

    static SipFrame Read(string text) => SipFrame.Read(Encoding.ASCII.GetBytes(text));
}
