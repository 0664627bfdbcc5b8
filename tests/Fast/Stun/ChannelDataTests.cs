using CsCheck;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class ChannelDataTests
{
    [Fact]
    public void What_is_written_is_read_again_with_or_without_padding() =>
        Gen.Select(Gen.UShort[0x4000, 0x4FFF], Gen.Byte.Array[0, 70], Gen.Bool).Sample((number, payload, padded) =>
        {
            var bytes = new byte[4 + payload.Length + (padded ? ChannelData.PaddingOf(payload.Length) : 0)];
            ChannelData.WriteHeader(bytes, new(number), payload.Length);
            payload.CopyTo(bytes, 4);
            Assert.True(ChannelData.TryParse(bytes, out var data));
            Assert.Equal(number, data.Channel.Value);
            Assert.Equal(payload, data.Payload.ToArray());
        });

    [Theory]
    [InlineData("", false)]
    [InlineData("400000", false)]
    [InlineData("40000000", true)]
    [InlineData("40000001", false)]
    [InlineData("4000000100", true)]
    [InlineData("4000ffff00", false)]
    [InlineData("4fff0000", true)]
    [InlineData("50000000", false)]
    [InlineData("3fff0000", false)]
    [InlineData("ffff0000", false)]
    public void Numbers_of_other_ranges_and_lengths_beyond_the_datagram_are_refused(string hex, bool expected) =>
        Assert.Equal(expected, ChannelData.TryParse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Any_bytes_give_a_value() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        if (ChannelData.TryParse(bytes, out var data))
            Assert.True(data.Channel.IsValid && data.Payload.Length <= bytes.Length - 4);
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    [InlineData(65535, 1)]
    public void Padding_fills_up_to_four(int length, int padding) => Assert.Equal(padding, ChannelData.PaddingOf(length));
}
