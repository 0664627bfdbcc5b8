using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

/// <summary>The published messages are read, judged and, where their padding is zero, written byte for byte.</summary>
public class SamplesTests
{
    static readonly IntegrityKey ShortTerm = new("VOkJxbRl1RmTxUk/WvJxBt"u8);

    // OpaqueString refuses the soft hyphen of the printed password; the text after processing is SASLprep's.
    static readonly IntegrityKey Matrix = Key(PasswordAlgorithm.Md5);
    static readonly IntegrityKey Matrix256 = Key(PasswordAlgorithm.Sha256);

    [Fact]
    public void The_short_term_request_of_RFC_5769_is_authentic()
    {
        var message = Parse(Samples.ShortTermRequest);
        Assert.Equal((StunClass.Request, StunMethod.Binding), (message.Class, message.Method));
        Assert.Equal("b7e7a701bc34d686fa87dfae", message.TransactionId.ToString());
        Assert.Equal(Reading.Present, message.ReadSoftware(out var software));
        Assert.Equal("STUN test client", Encoding.UTF8.GetString(software));
        Assert.Equal(Reading.Present, message.ReadUsername(out var username));
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(username));
        Assert.True(message.HasFingerprint);
        Assert.Equal(Integrity.Sha1, message.Integrity);
        Assert.True(message.Verify(ShortTerm));
        Assert.False(message.Verify(Matrix));
    }

    [Fact]
    public void The_IPv4_response_of_RFC_5769_names_its_address()
    {
        var message = Parse(Samples.IPv4Response);
        Assert.Equal((StunClass.Success, StunMethod.Binding), (message.Class, message.Method));
        Assert.Equal(Reading.Present, message.ReadXorMappedAddress(out var address));
        Assert.Equal("192.0.2.1:32853", address.ToString());
        Assert.True(message.Verify(ShortTerm));
    }

    [Fact]
    public void The_IPv6_response_of_RFC_5769_names_its_address()
    {
        var message = Parse(Samples.IPv6Response);
        Assert.Equal(Reading.Present, message.ReadXorMappedAddress(out var address));
        Assert.Equal("[2001:db8:1234:5678:11:2233:4455:6677]:32853", address.ToString());
        Assert.True(message.Verify(ShortTerm));
    }

    [Fact]
    public void The_long_term_request_of_RFC_5769_is_authentic_and_written_alike()
    {
        var message = Parse(Samples.LongTermRequest);
        Assert.False(message.HasFingerprint);
        Assert.True(message.Verify(Matrix));

        var writer = new StunWriter(new byte[116], StunClass.Request, StunMethod.Binding, message.TransactionId);
        writer.Add(AttributeType.Username, "マトリックス"u8);
        writer.Add(AttributeType.Nonce, "f//499k954d6OL34oL9FSTvy64sA"u8);
        writer.Add(AttributeType.Realm, "example.org"u8);
        writer.AddIntegrity(Integrity.Sha1, Matrix);
        Assert.Equal(Samples.LongTermRequest, writer.Written.ToArray());
    }

    [Fact]
    public void The_SHA_256_request_of_RFC_8489_has_our_HMAC_over_the_length_it_prints()
    {
        // Its length, 156, counts the header; as printed it is no message.
        Assert.False(StunMessage.TryParse(Samples.Sha256Request, out _, out var error));
        Assert.Equal(StunError.BadLength, error);
        var mac = new byte[32];
        Matrix256.Compute(Integrity.Sha256, Samples.Sha256Request.AsSpan(0, 120), 156, mac);
        Assert.Equal(Samples.Sha256Request[^32..], mac);
    }

    [Fact]
    public void The_SHA_256_request_of_RFC_8489_is_written_alike_but_for_the_length()
    {
        var printed = Samples.Sha256Request;
        Assert.True(UserHash.TryCompute("マトリックス", "example.org", out var hash));
        var writer = new StunWriter(new byte[156], StunClass.Request, StunMethod.Binding, TransactionId.Read(printed.AsSpan(8)));
        writer.Add(AttributeType.UserHash, hash.Span);
        writer.Add(AttributeType.Nonce, "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"u8);
        writer.Add(AttributeType.Realm, "example.org"u8);
        writer.AddIntegrity(Integrity.Sha256, Matrix256);
        Assert.Equal([0x00, 0x01, 0x00, 0x88, .. printed[4..^32]], writer.Written[..^32].ToArray());
        Assert.True(Parse(writer.Written.ToArray()).Verify(Matrix256));
    }

    [Fact]
    public void An_Allocate_with_an_access_token_is_authentic_by_the_raw_key()
    {
        var message = Parse(Samples.TokenRequest);
        Assert.Equal((StunClass.Request, StunMethod.Allocate), (message.Class, message.Method));
        Assert.Equal(Reading.Present, message.ReadRequestedTransport(out var protocol));
        Assert.Equal(17, protocol);
        Assert.Equal(Reading.Present, message.ReadUsername(out var kid));
        Assert.Equal("22BIjxU93h/IgwEb", Encoding.UTF8.GetString(kid));
        Assert.Equal(Reading.Present, message.ReadRealm(out var realm));
        Assert.Equal("ims.example.net", Encoding.UTF8.GetString(realm));
        Assert.Equal(Reading.Present, message.ReadAccessToken(out var token));
        Assert.Equal(64, token.Length);
        Assert.True(message.Verify(new IntegrityKey("ZksjpweoixXmvn67534m"u8)));
        using var seal = new TokenSeal(
            new("22BIjxU93h/IgwEb", TokenAlgorithm.A256Gcm, "HGkj32KJGiuy098sdfaqbNjOiaz71923"u8), "blackdow.carleon.gov");
        Assert.True(seal.TryOpen(token, out var opened));
        Assert.Equal("ZksjpweoixXmvn67534m"u8, opened.MacKey.Span);
    }

    [Fact]
    public void The_Allocate_with_an_access_token_is_written_alike()
    {
        using var seal = new TokenSeal(
            new("22BIjxU93h/IgwEb", TokenAlgorithm.A256Gcm, "HGkj32KJGiuy098sdfaqbNjOiaz71923"u8), "blackdow.carleon.gov");
        var token = seal.Seal("h4j3k2l2n4b5"u8, "ZksjpweoixXmvn67534m"u8, Instant.FromUnixSeconds(1_410_984_813), 3600);
        var id = Parse(Samples.TokenRequest).TransactionId;
        var writer = new StunWriter(new byte[204], StunClass.Request, StunMethod.Allocate, id);
        writer.AddRequestedTransport(17);
        writer.Add(AttributeType.Username, "22BIjxU93h/IgwEb"u8);
        writer.Add(AttributeType.Realm, "ims.example.net"u8);
        writer.Add(AttributeType.Nonce, "obMatJos2AAAA0123456789abcdef01234567"u8);
        writer.Add(AttributeType.AccessToken, token.Span);
        writer.AddIntegrity(Integrity.Sha1, new("ZksjpweoixXmvn67534m"u8));
        Assert.Equal(Samples.TokenRequest, writer.Written.ToArray());
    }

    [Fact]
    public void A_change_of_any_byte_of_a_sample_is_noticed()
    {
        // The type of FINGERPRINT is covered by nothing: changed, it is an attribute that does not count.
        for (var i = 0; i < Samples.ShortTermRequest.Length - 8; i++)
        {
            var bytes = Samples.ShortTermRequest;
            bytes[i] ^= 0x01;
            Assert.False(StunMessage.TryParse(bytes, out var message, out _) && message.Verify(ShortTerm));
        }

        // Without FINGERPRINT only what integrity covers: all that precedes it, its length and its value.
        for (var i = 0; i < Samples.LongTermRequest.Length; i++)
        {
            var bytes = Samples.LongTermRequest;
            bytes[i] ^= 0x01;
            Assert.False(StunMessage.TryParse(bytes, out var message, out _) && message.Verify(Matrix));
        }
    }

    static StunMessage Parse(byte[] bytes)
    {
        Assert.True(StunMessage.TryParse(bytes, out var message, out var error), error.ToString());
        return message;
    }

    static IntegrityKey Key(PasswordAlgorithm algorithm) =>
        new(LongTermKey.Derive(algorithm, "マトリックス"u8, "example.org"u8, "TheMatrIX"u8).Span);
}
