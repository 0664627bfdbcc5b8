using System.Net;
using System.Text;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>The suite's own encoder and decoder against the bytes of RFC 5769.</summary>
public sealed class WireTests
{
    static readonly byte[] Password = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    /// <summary>RFC 5769 §2.1.</summary>
    static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
        + "000600096576746a3a683676592020200008001"
        + "49aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    /// <summary>RFC 5769 §2.2 and §2.3.</summary>
    static readonly byte[] ResponseIPv4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96");

    static readonly byte[] ResponseIPv6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c");

    [Fact]
    public void The_sample_request_is_read_and_its_hashes_hold()
    {
        var message = Incoming.Read(Request)!;
        Assert.Equal((Method.Binding, Class.Request), (message.MethodNumber, message.ClassBits));
        Assert.Equal("evtj:h6vY", message.Text(Attr.Username));
        Assert.True(message.IntegrityHolds(Password));
        Assert.True(message.FingerprintHolds());
    }

    [Fact]
    public void The_sample_responses_are_read_with_their_addresses()
    {
        var (four, six) = (Incoming.Read(ResponseIPv4)!, Incoming.Read(ResponseIPv6)!);
        Assert.Equal(IPEndPoint.Parse("192.0.2.1:32853"), four.Address(Attr.XorMappedAddress));
        Assert.Equal(IPEndPoint.Parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853"), six.Address(Attr.XorMappedAddress));
        foreach (var message in new[] { four, six }) Assert.True(message.IntegrityHolds(Password) && message.FingerprintHolds());
    }

    [Fact]
    public void A_hash_over_altered_bytes_does_not_hold()
    {
        for (var at = 20; at < Request.Length - 32; at += 4)
        {
            byte[] altered = [.. Request];
            altered[at + 3] ^= 1;
            Assert.False(Incoming.Read(altered)?.IntegrityHolds(Password) ?? false);
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var address = IPEndPoint.Parse("[2001:db8::1]:9");
        var message = Incoming.Read(new Outgoing(0x2BC, Class.Indication).AddAddress(Attr.XorPeerAddress, address)
            .Add(Attr.Data, "five5").AddIntegrity(Password).AddIntegritySha256(Password).AddFingerprint().ToArray())!;
        Assert.Equal((0x2BC, Class.Indication), (message.MethodNumber, message.ClassBits));
        Assert.Equal(address, message.Address(Attr.XorPeerAddress));
        Assert.Equal("five5", message.Text(Attr.Data));
        Assert.True(message.IntegrityHolds(Password) && message.IntegritySha256Holds(Password) && message.FingerprintHolds());
    }

    /// <summary>RFC 7635 appendix A.</summary>
    [Fact]
    public void A_token_has_the_length_of_the_RFCs_sample() => Assert.Equal(
        64, AccessToken.Seal(new byte[32], "blackdow.carleon.gov", new byte[20], DateTimeOffset.UnixEpoch, 3600).Length);
}
