using System.Net;
using CsCheck;
using Portunus.Bedrock;

namespace Portunus.Tests.Fast.Bedrock;

public class TransportAddressTests
{
    static readonly Gen<TransportAddress> Any = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.UShort, (address, port) => TransportAddress.IPv4(address, port)),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort, (high, low, port) => TransportAddress.IPv6(new UInt128(high, low), port)));

    [Fact]
    public void What_is_written_is_read_again() => Any.Sample(address =>
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = address.WriteAddress(bytes);
        Assert.Equal(address.AddressLength, length);
        Assert.Equal(address, TransportAddress.FromBytes(bytes[..length], address.Port));
    });

    [Fact]
    public void The_text_of_an_address_parses_to_it() => Any.Sample(address =>
    {
        // A mapped address in IPv6 dress is unmapped on the way in, as from a dual-stack socket.
        if (address.ToIPAddress().IsIPv4MappedToIPv6) return;
        Assert.True(TransportAddress.TryParse(address.ToString(), out var parsed));
        Assert.Equal(address, parsed);
    });

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("[2001:db8::1]")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("example.org:3478")]
    [InlineData(":3478")]
    [InlineData("10.1:3478")]
    [InlineData("010.0.0.1:3478")]
    [InlineData("0x7f.0.0.1:3478")]
    [InlineData("")]
    public void An_address_without_a_port_a_name_or_a_short_form_is_refused(string text) =>
        Assert.False(TransportAddress.TryParse(text, out _));

    [Fact]
    public void An_IPv4_address_of_a_dual_stack_socket_equals_the_plain_one() =>
        Assert.Equal(
            TransportAddress.IPv4(0xC0000201, 3478),
            TransportAddress.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 3478)));

    [Fact]
    public void The_zone_of_a_link_local_address_is_kept()
    {
        var address = TransportAddress.From(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 5000));
        Assert.Equal(3u, address.Scope);
        Assert.Equal(3, address.ToIPAddress().ScopeId);
    }
}
