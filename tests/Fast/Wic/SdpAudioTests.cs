using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

public sealed class SdpAudioTests
{
    [Theory]
    [InlineData("192.0.2.1:49170")]
    [InlineData("[2001:db8::1]:5004")]
    public void What_is_written_is_read(string text)
    {
        Assert.True(TransportAddress.TryParse(text, out var address));
        var sdp = SdpAudio.Write(address, 17);
        Assert.StartsWith("v=0\r\no=- 17 1 IN IP", Encoding.ASCII.GetString(sdp), StringComparison.Ordinal);
        Assert.True(SdpAudio.TryRead(sdp, out var read));
        Assert.Equal(address, read);
    }

    [Theory]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 5004 RTP/AVP 0 8|c=IN IP4 192.0.2.9", "192.0.2.9:5004")]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 5004 RTP/AVP 0|m=audio 5006 RTP/AVP 0|c=IN IP4 192.0.2.9", "192.0.2.1:5004")]
    [InlineData("m=video 5002 RTP/AVP 96|c=IN IP4 192.0.2.8|m=audio 5004 RTP/AVP 0|c=IN IP4 192.0.2.1", "192.0.2.1:5004")]
    public void The_first_stream_of_audio_and_its_own_address_count(string lines, string at)
    {
        Assert.True(SdpAudio.TryRead(Lines(lines), out var read));
        Assert.Equal(at, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c=IN IP4 192.0.2.1")]
    [InlineData("m=audio 5004 RTP/AVP 0")]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 0 RTP/AVP 0")]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 9 UDP/TLS/RTP/SAVPF 111")]
    [InlineData("c=IN IP4 224.2.1.1/127|m=audio 5004 RTP/AVP 0")]
    [InlineData("c=IN IP4 media.example.net|m=audio 5004 RTP/AVP 0")]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 5004/2 RTP/AVP 0")]
    [InlineData("c=IN IP4 192.0.2.1|m=audio 70000 RTP/AVP 0")]
    [InlineData("c=IN IP4 192.0.2.1|m=video 5004 RTP/AVP 96")]
    public void What_names_no_such_stream_is_none(string lines) =>
        Assert.False(SdpAudio.TryRead(Lines(lines), out _));

    [Fact]
    public void Any_body_is_read_or_refused() =>
        Gen.OneOf(Gen.String.Select(Encoding.UTF8.GetBytes), Gen.Byte.Array).Sample(bytes =>
        {
            SdpAudio.TryRead(bytes, out _);
            SdpAudio.TryRead([.. "c=IN IP6 "u8, .. bytes, .. "\nm=audio 1 RTP/AVP 0"u8], out _);
            SdpAudio.TryRead([.. "c=IN IP4 192.0.2.1\nm=audio "u8, .. bytes], out _);
        });

    static byte[] Lines(string lines) => Encoding.ASCII.GetBytes(lines.Replace("|", "\r\n", StringComparison.Ordinal));
}
