using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class FirstByteTests
{
    [Fact]
    public void Every_first_byte_goes_where_RFC_7983_sends_it()
    {
        for (var first = 0; first < 256; first++)
        {
            var expected = first switch
            {
                <= 3 => FirstByte.Stun,
                < 16 => FirstByte.Unassigned,
                <= 19 => FirstByte.Zrtp,
                <= 63 => FirstByte.Dtls,
                <= 79 => FirstByte.ChannelData,
                < 128 => FirstByte.Unassigned,
                <= 191 => FirstByte.Rtp,
                _ => FirstByte.Unassigned,
            };
            Assert.Equal(expected, ((ReadOnlySpan<byte>)[(byte)first, 0]).Demultiplex());
        }

        Assert.Equal(FirstByte.Unassigned, ReadOnlySpan<byte>.Empty.Demultiplex());
    }
}
