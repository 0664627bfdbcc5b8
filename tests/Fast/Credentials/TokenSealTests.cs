using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

/// <summary>RFC 7635 §6.2 and its Appendix A.</summary>
public class TokenSealTests
{
    const string Server = "blackdow.carleon.gov";

    static readonly byte[] Key = Encoding.ASCII.GetBytes("HGkj32KJGiuy098sdfaqbNjOiaz71923");
    static readonly byte[] MacKey = Encoding.ASCII.GetBytes("ZksjpweoixXmvn67534m");
    static readonly byte[] Nonce = Encoding.ASCII.GetBytes("h4j3k2l2n4b5");

    // The appendix's timestamp, 92470300704768, has no fraction.
    static readonly Instant Issued = Instant.FromUnixSeconds(92_470_300_704_768 >> 16);

    [Theory]
    [InlineData(TokenAlgorithm.A256Gcm,
        "000c68346a336b326c326e346235617ef134a3d5e44e9a19cc7dc104b0c03d03b2a551d8fdf5cd3b6dca6f10cfb77e5b2ddec84d293a5c50499359f0c2e26f76")]
    [InlineData(TokenAlgorithm.A128Gcm,
        "000c68346a336b326c326e3462357fb9e99f0827be3df1e1bd651493d3031d36df57079784aee5eacb65fad4f27fab1a3f97974b69f851b24bf5af09eda357e0")]
    public void The_token_of_the_appendix_is_made_and_opened(TokenAlgorithm algorithm, string expected)
    {
        using var seal = new TokenSeal(new("kid", algorithm, Key), Server);
        var token = seal.Seal(Nonce, MacKey, Issued, 3600);
        Assert.Equal(expected, Convert.ToHexStringLower(token.Span));
        Assert.True(seal.TryOpen(token.Span, out var opened));
        Assert.Equal(MacKey, opened.MacKey.Span);
        Assert.Equal((1_410_984_813, 3600u), (opened.IssuedAt, opened.Lifetime));
        Assert.Equal("h4j3k2l2", opened.Id.ToString());
    }

    [Theory]
    [InlineData(20, 64)]
    [InlineData(32, 76)]
    public void What_was_sealed_opens_for_its_server_and_its_key_alone(int keyLength, int expectedLength)
    {
        var mac = new byte[keyLength];
        Array.Fill(mac, (byte)7);
        using var seal = new TokenSeal(new("one", TokenAlgorithm.A256Gcm, Key), "turn1.example.net");
        using var otherServer = new TokenSeal(new("one", TokenAlgorithm.A256Gcm, Key), "turn2.example.net");
        using var otherKey = new TokenSeal(new("one", TokenAlgorithm.A256Gcm, new byte[32]), "turn1.example.net");
        var token = seal.Seal(Nonce, mac, Issued, 1);
        Assert.Equal(expectedLength, token.Length);
        Assert.True(seal.TryOpen(token.Span, out _));
        Assert.False(otherServer.TryOpen(token.Span, out _));
        Assert.False(otherKey.TryOpen(token.Span, out _));
    }

    [Fact]
    public void A_changed_a_shortened_and_a_lengthened_token_do_not_open()
    {
        using var seal = new TokenSeal(new("kid", TokenAlgorithm.A256Gcm, Key), Server);
        var token = seal.Seal(Nonce, MacKey, Issued, 3600).Span.ToArray();
        for (var i = 0; i < token.Length; i++)
        {
            token[i] ^= 0x10;
            Assert.False(seal.TryOpen(token, out _));
            token[i] ^= 0x10;
            Assert.False(seal.TryOpen(token.AsSpan(0, i), out _));
        }

        Assert.False(seal.TryOpen([.. token, 0], out _));
        Assert.False(seal.TryOpen([.. token, .. new byte[200]], out _));
    }

    [Fact]
    public void Any_bytes_do_not_open()
    {
        using var seal = new TokenSeal(new("kid", TokenAlgorithm.A256Gcm, Key), Server);
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            // A length that is right opens the way to the cipher.
            if (bytes.Length > 1 && bytes[0] % 2 == 0) (bytes[0], bytes[1]) = (0, 12);
            Assert.False(seal.TryOpen(bytes, out _));
        }, threads: 1); // A seal serves one thread at a time.
    }

    [Theory]
    [InlineData(-6, false)]
    [InlineData(-5, true)]
    [InlineData(0, true)]
    [InlineData(3604, true)]
    [InlineData(3605, false)]
    public void A_token_counts_from_five_seconds_before_its_date_until_five_after_its_lifetime(int age, bool expected) =>
        Assert.Equal(expected, new AccessToken(Bytes.Empty, 1_700_000_000, 3600, Bytes.Empty).IsFresh(1_700_000_000 + age));

    [Fact]
    public void The_fraction_of_a_second_counts_in_64000ths()
    {
        using var seal = new TokenSeal(new("kid", TokenAlgorithm.A256Gcm, Key), Server);
        var whole = seal.Seal(Nonce, MacKey, Issued, 3600);
        var half = seal.Seal(Nonce, MacKey, Issued + TimeSpan.FromSeconds(0.5), 3600);
        // The same stream of the cipher: their exclusive-or is that of the clear texts, 0 and 32000 in two bytes.
        var at = 2 + 12 + 2 + 20 + 6;
        Assert.Equal(32_000, ((whole.Span[at] ^ half.Span[at]) << 8) | (whole.Span[at + 1] ^ half.Span[at + 1]));
    }

    [Theory]
    [InlineData("turn-1:A256GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=", "turn-1", false)]
    [InlineData("a:b:A128GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=", "a:b", true)]
    public void A_key_is_split_at_its_last_two_colons_and_cut_to_what_counts(string text, string kid, bool cut)
    {
        var key = TokenKey.Parse(text);
        Assert.Equal((kid, cut), (key.Kid, key.WasCut));
        Assert.Equal(key.Algorithm.KeyLength(), key.Value.Length);
        Assert.DoesNotContain("SEdr", key.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kid")]
    [InlineData("kid:A256GCM")]
    [InlineData(":A256GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=")]
    [InlineData("kid:A192GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=")]
    [InlineData("kid:A256GCM:SEdrajMyS0pHaXV5MDk4c2Rm")]
    [InlineData("kid:A256GCM:not base64")]
    public void A_key_of_another_form_is_refused_without_being_shown(string text)
    {
        var refused = Assert.Throws<FormatException>(() => TokenKey.Parse(text));
        Assert.DoesNotContain("SEdr", refused.Message, StringComparison.Ordinal);
    }
}
