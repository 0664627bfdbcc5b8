using System.Text;
using CsCheck;
using Portunus.Transport;

namespace Portunus.Tests.Io.Transport;

public class ProxyHeaderTests
{
    const string Second = "20010db8000000000000000000000002" + "00010002";

    const string Signature = "0d0a0d0a000d0a515549540a";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 50000 3478\r\n", "192.0.2.1:50000", "198.51.100.7:3478")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2\r\n", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1", "[::1]:2")]
    public void A_line_of_text_says_who_the_client_is(string line, string client, string server)
    {
        var bytes = Encoding.Latin1.GetBytes(line);
        Assert.Equal((ProxyReading.Client, client, server, bytes.Length), Read([.. bytes, 0, 1, 2]));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(ProxyReading.Incomplete, Read(bytes[..length]).Reading);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n")]
    public void A_balancer_may_speak_for_itself(string line)
    {
        var (reading, _, _, length) = Read(Encoding.Latin1.GetBytes(line));
        Assert.Equal((ProxyReading.Balancer, line.Length), (reading, length));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY tcp4 192.0.2.1 198.51.100.7 50000 3478\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 50000\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 50000 3478 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 50000 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 -1 3478\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.7 50000 3478\r\n")]
    [InlineData("PROXY TCP4 192.0.2.010 198.51.100.7 50000 3478\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 ::1 50000 3478\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.7 50000 3478\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 50000 3478\r\n")]
    [InlineData("PROXY TCP6 ]:1 ::1 50000 3478\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.7 50000 3478\r\n")]
    public void Another_line_is_none(string line) => Assert.Equal(ProxyReading.Malformed, Read(Encoding.Latin1.GetBytes(line)).Reading);

    [Fact]
    public void A_line_of_more_than_107_bytes_is_not_waited_for()
    {
        var line = Encoding.Latin1.GetBytes("PROXY UNKNOWN " + new string('x', 100));
        Assert.Equal(ProxyReading.Incomplete, Read(line[..106]).Reading);
        Assert.Equal(ProxyReading.Malformed, Read(line[..107]).Reading);
    }

    [Theory]
    [InlineData("2111000cc0000201c6336407c3500d96", "192.0.2.1:50000", "198.51.100.7:3478")]
    [InlineData("2111000fc0000201c6336407c3500d96040000", "192.0.2.1:50000", "198.51.100.7:3478")]
    [InlineData("21210024" + "20010db8000000000000000000000001" + Second, "[2001:db8::1]:1", "[2001:db8::2]:2")]
    [InlineData("21210024" + "00000000000000000000ffffc0000201" + Second, "192.0.2.1:1", "[2001:db8::2]:2")]
    public void The_binary_form_says_who_the_client_is(string hex, string client, string server)
    {
        var bytes = Convert.FromHexString(Signature + hex);
        Assert.Equal((ProxyReading.Client, client, server, bytes.Length), Read([.. bytes, 0, 1, 2]));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Equal(ProxyReading.Incomplete, Read(bytes[..length]).Reading);
    }

    [Theory]
    [InlineData("20000000", 16)]
    [InlineData("2011000cc0000201c6336407c3500d96", 28)]
    public void LOCAL_is_the_balancer_whatever_it_says(string hex, int length)
    {
        var (reading, _, _, taken) = Read(Convert.FromHexString(Signature + hex));
        Assert.Equal((ProxyReading.Balancer, length), (reading, taken));
    }

    [Theory]
    [InlineData("1111000cc0000201c6336407c3500d96")]
    [InlineData("2211000cc0000201c6336407c3500d96")]
    [InlineData("2112000cc0000201c6336407c3500d96")]
    [InlineData("21310004c0000201")]
    [InlineData("2111000bc0000201c6336407c3500d")]
    [InlineData("2121000cc0000201c6336407c3500d96")]
    [InlineData("21000000")]
    [InlineData("21110401")]
    public void Other_versions_families_and_lengths_are_none(string hex) =>
        Assert.Equal(ProxyReading.Malformed, Read(Convert.FromHexString(Signature + hex)).Reading);

    [Fact]
    public void Any_bytes_are_a_value_that_more_bytes_do_not_change() =>
        Gen.Select(Gen.OneOf(Begin("PROXY TCP4 "u8), Begin(Convert.FromHexString(Signature + "2111")), Begin([])),
            Gen.Byte.Array[0, 1200], Gen.Int[0, 1200]).Sample((start, rest, cut) =>
        {
            byte[] bytes = [.. start, .. rest];
            var part = Read(bytes[..Math.Min(cut, bytes.Length)]);
            if (part.Reading != ProxyReading.Incomplete) Assert.Equal(part, Read(bytes));
            Assert.InRange(part.Length, 0, Math.Min(cut, ProxyHeader.MostLength));
            if (bytes.Length > ProxyHeader.MostLength) Assert.NotEqual(ProxyReading.Incomplete, Read(bytes).Reading);
        });

    static Gen<byte[]> Begin(ReadOnlySpan<byte> bytes) => Gen.Const(bytes.ToArray());

    static (ProxyReading Reading, string Client, string Server, int Length) Read(byte[] bytes)
    {
        var reading = ProxyHeader.Read(bytes, out var client, out var server, out var length);
        return (reading, client.ToString(), server.ToString(), length);
    }
}
