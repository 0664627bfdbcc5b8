using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Tests.Fast.Stun;

namespace Portunus.Tests.Fast.Credentials;

public class StatelessNonceTests
{
    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    static readonly TransportAddress Client = TransportAddress.IPv4(0xC0000201, 40_000);

    readonly Counting _random = new();

    [Fact]
    public void A_nonce_is_fresh_for_its_lifetime_and_stale_after_it()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        var nonce = Write(nonces, Start, Client);
        Assert.Equal(NonceVerdict.Fresh, nonces.Judge(nonce, Start, Client));
        Assert.Equal(NonceVerdict.Fresh, nonces.Judge(nonce, Start + Lifetime, Client));
        Assert.Equal(NonceVerdict.Stale, nonces.Judge(nonce, Start + Lifetime + TimeSpan.FromSeconds(1), Client));
        Assert.Equal(NonceVerdict.Stale, nonces.Judge(nonce, Start + TimeSpan.FromDays(365), Client));
    }

    [Fact]
    public void A_nonce_judged_by_a_clock_read_a_moment_earlier_is_fresh()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        var nonce = Write(nonces, Start + TimeSpan.FromSeconds(2), Client);
        Assert.Equal(NonceVerdict.Fresh, nonces.Judge(nonce, Start, Client));
    }

    [Fact]
    public void Setting_the_wall_clock_neither_revives_nor_ends_a_nonce()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        var nonce = Write(nonces, new Instant(0, 0), Client);
        Assert.Equal(NonceVerdict.Fresh, nonces.Judge(nonce, new Instant(0, TimeSpan.TicksPerDay), Client));
        Assert.Equal(NonceVerdict.Stale, nonces.Judge(nonce, new Instant(TimeSpan.TicksPerDay, 0), Client));
    }

    [Fact]
    public void A_nonce_belongs_to_one_address_and_port()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        Gen.Select(StunWriterTests.Address, StunWriterTests.Address).Sample((client, other) =>
        {
            var nonce = Write(nonces, Start, client);
            Assert.Equal(NonceVerdict.Fresh, nonces.Judge(nonce, Start, client));
            Assert.Equal(NonceVerdict.NotOurs, nonces.Judge(nonce, Start, client.WithPort((ushort)(client.Port + 1))));
            if (other != client) Assert.Equal(NonceVerdict.NotOurs, nonces.Judge(nonce, Start, other));
        });
    }

    [Fact]
    public void An_IPv4_address_is_not_the_IPv6_address_of_the_same_number()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        var nonce = Write(nonces, Start, TransportAddress.IPv4(1, 2));
        Assert.Equal(NonceVerdict.NotOurs, nonces.Judge(nonce, Start, TransportAddress.IPv6(1, 2)));
    }

    [Fact]
    public void A_rotation_keeps_the_nonces_of_the_previous_key_and_no_others()
    {
        var first = NonceKeys.Draw(_random);
        var second = first.Rotate(_random);
        var third = second.Rotate(_random);
        var nonce = Write(Nonces(first), Start, Client);
        Assert.Equal(NonceVerdict.Fresh, Nonces(second).Judge(nonce, Start, Client));
        Assert.Equal(NonceVerdict.NotOurs, Nonces(third).Judge(nonce, Start, Client));
        Assert.Equal(NonceVerdict.NotOurs, Nonces(first).Judge(Write(Nonces(second), Start, Client), Start, Client));
    }

    [Fact]
    public void A_nonce_of_another_realm_or_with_other_features_is_not_ours()
    {
        var keys = NonceKeys.Draw(_random);
        var nonce = Write(Nonces(keys), Start, Client);
        var elsewhere = new StatelessNonce(keys, "other.example"u8, SecurityFeatures.PasswordAlgorithms, Lifetime);
        var anonymous = new StatelessNonce(keys, "realm.example"u8,
            SecurityFeatures.PasswordAlgorithms | SecurityFeatures.UsernameAnonymity, Lifetime);
        Assert.Equal(NonceVerdict.NotOurs, elsewhere.Judge(nonce, Start, Client));
        Assert.Equal(NonceVerdict.NotOurs, anonymous.Judge(nonce, Start, Client));
    }

    [Fact]
    public void A_bid_down_of_the_cookie_is_noticed()
    {
        var keys = NonceKeys.Draw(_random);
        var nonce = Write(Nonces(keys), Start, Client);
        Assert.StartsWith("obMatJos2gAAA", Encoding.ASCII.GetString(nonce), StringComparison.Ordinal);
        "obMatJos2AAAA"u8.CopyTo(nonce);
        Assert.Equal(NonceVerdict.NotOurs, Nonces(keys).Judge(nonce, Start, Client));
        var weaker = new StatelessNonce(keys, "realm.example"u8, SecurityFeatures.None, Lifetime);
        Assert.Equal(NonceVerdict.NotOurs, weaker.Judge(nonce, Start, Client));
    }

    [Fact]
    public void A_change_of_any_character_is_noticed()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        for (var i = 0; i < StatelessNonce.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var nonce = Write(nonces, Start, Client);
                nonce[i] ^= (byte)(1 << bit);
                Assert.Equal(NonceVerdict.NotOurs, nonces.Judge(nonce, Start, Client));
            }
        }
    }

    [Fact]
    public void Any_bytes_give_a_verdict()
    {
        var nonces = Nonces(NonceKeys.Draw(_random));
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.Byte.Array[24].Select(tail => (byte[])[.. "obMatJos2gAAA"u8, .. tail]))
            .Sample(bytes => Assert.Equal(NonceVerdict.NotOurs, nonces.Judge(bytes, Start, Client)));
    }

    [Fact]
    public void A_nonce_is_short_and_of_characters_that_need_no_quoting()
    {
        var nonce = Encoding.ASCII.GetString(Write(Nonces(NonceKeys.Draw(_random)), Start, Client));
        Assert.Equal(37, nonce.Length);
        Assert.Matches("^[A-Za-z0-9_-]+$", nonce);
    }

    [Theory]
    [InlineData(SecurityFeatures.None, "obMatJos2AAAA")]
    [InlineData(SecurityFeatures.PasswordAlgorithms, "obMatJos2gAAA")]
    [InlineData(SecurityFeatures.UsernameAnonymity, "obMatJos2QAAA")]
    [InlineData(SecurityFeatures.PasswordAlgorithms | SecurityFeatures.UsernameAnonymity, "obMatJos2wAAA")]
    public void The_cookie_names_the_features(SecurityFeatures features, string cookie)
    {
        var bytes = new byte[NonceCookie.Length];
        NonceCookie.Write(bytes, features);
        Assert.Equal(cookie, Encoding.ASCII.GetString(bytes));
        Assert.True(NonceCookie.TryRead(bytes, out var read));
        Assert.Equal(features, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("obMatJos2gAA")]
    [InlineData("obmatjos2gAAAxyz")]
    [InlineData("obMatJos2g=AAxyz")]
    [InlineData("obMatJos2    xyz")]
    [InlineData("obMatJos2gAA=xyz")]
    public void A_nonce_without_a_cookie_says_so(string nonce) =>
        Assert.False(NonceCookie.TryRead(Encoding.ASCII.GetBytes(nonce), out _));

    [Fact]
    public void Making_and_judging_allocates_nothing()
    {
        var nonces = Nonces(NonceKeys.Draw(_random).Rotate(_random));
        var nonce = new byte[StatelessNonce.Length];
        Assert.Equal(0, Heap.TakenBy(() =>
        {
            nonces.Write(nonce, Start, Client);
            Assert.True(nonces.Judge(nonce, Start, Client) == NonceVerdict.Fresh);
            TimeLimitedCredential.TryReadExpiry("1700003600:4f9c2d7e1b6a"u8, out _);
        }));
    }

    static StatelessNonce Nonces(NonceKeys keys) => new(keys, "realm.example"u8, SecurityFeatures.PasswordAlgorithms, Lifetime);

    static byte[] Write(StatelessNonce nonces, Instant now, TransportAddress client)
    {
        var nonce = new byte[StatelessNonce.Length];
        nonces.Write(nonce, now, client);
        return nonce;
    }

    sealed class Counting : IRandom
    {
        int _next;

        public void Fill(Span<byte> destination)
        {
            foreach (ref var b in destination) b = (byte)Interlocked.Increment(ref _next);
        }
    }
}
