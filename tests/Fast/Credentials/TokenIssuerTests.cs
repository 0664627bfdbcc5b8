using System.Security.Cryptography;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Credentials;

/// <summary>What an authorization server makes of one key.</summary>
public class TokenIssuerTests
{
    static readonly TokenKey Key = new("waf1-turn1-1", TokenAlgorithm.A256Gcm, "0123456789abcdef0123456789abcdef"u8);
    static readonly Instant Now = Instant.FromUnixSeconds(1_800_000_000);

    [Fact]
    public void Tokens_of_one_id_differ_in_the_counter_and_no_nonce_is_made_twice()
    {
        using var issuer = new TokenIssuer(Key, "turn1", new SeededRandom(1));
        var ids = Enumerable.Range(0, 10).Select(_ => issuer.DrawId()).ToArray();
        var nonces = Enumerable.Range(0, 100)
            .Select(n => Convert.ToHexString(issuer.Issue(Now, ids[n % 10], 60).AccessToken.Span.Slice(2, 12))).ToArray();
        Assert.Equal(100, nonces.Distinct().Count());
        Assert.All(nonces, (nonce, n) => Assert.StartsWith(Convert.ToHexString(ids[n % 10].Span), nonce));
    }

    [Theory]
    [InlineData(20, "HMAC-SHA-1")]
    [InlineData(32, "HMAC-SHA-256")]
    public void The_key_is_as_long_as_it_is_asked_for_and_says_what_it_is_for(int length, string expected)
    {
        using var issuer = new TokenIssuer(Key, "turn1", new SeededRandom(1));
        using var seal = new TokenSeal(Key, "turn1");
        var token = issuer.Issue(Now, issuer.DrawId(), 60, length);
        Assert.Equal(("waf1-turn1-1", "turn1", 60u, expected), (token.Kid, token.ServerName, token.Lifetime, token.Algorithm));
        Assert.True(seal.TryOpen(token.AccessToken.Span, out var opened));
        Assert.Equal(token.MacKey, opened.MacKey);
        Assert.Equal((length, Now.UnixSeconds), (token.MacKey.Length, opened.IssuedAt));
        Assert.DoesNotContain(Convert.ToHexString(token.MacKey.Span), $"{token}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_key_of_20_bytes_is_the_same_to_HMAC_as_its_first_16_which_coturn_takes()
    {
        using var issuer = new TokenIssuer(Key, "turn1", new SeededRandom(1));
        var key = issuer.Issue(Now, issuer.DrawId(), 60).MacKey.Span;
        Assert.Equal(HMACSHA1.HashData(key, "any"u8), HMACSHA1.HashData(key[..16], "any"u8));
    }

    [Fact]
    public void An_id_of_another_size_is_a_mistake()
    {
        using var issuer = new TokenIssuer(Key, "turn1", new SeededRandom(1));
        Assert.Throws<ArgumentException>(() => issuer.Issue(Now, Bytes.Utf8("short"), 60));
        Assert.Throws<ArgumentException>(() => issuer.Issue(Now, issuer.DrawId(), 60, 16));
    }
}
