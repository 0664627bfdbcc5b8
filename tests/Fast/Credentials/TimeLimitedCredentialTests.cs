using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

public class TimeLimitedCredentialTests
{
    [Theory]
    [InlineData("north", "1433895918:506", "s5LmbE7ECRvNooJppntkCvoj0Kg=")]
    [InlineData("sha1:north", "1433895918:506", "s5LmbE7ECRvNooJppntkCvoj0Kg=")]
    [InlineData("sha256:north", "1433895918:506", "CVY3copj0H7QnAk4ziOaod2o/988OYKNS1B5FFzyePM=")]
    [InlineData("logen", "12334939:mbzrxpgjys", "v/a4ZZrTDtm3JFHfgWgtMUJOIc8=")]
    [InlineData("shared-secret", "1700003600:4f9c2d7e1b6a", "9GNlaKm0aCpdUgBrfBxjpoPWYI4=")]
    [InlineData("sha384:north", "1433895918:506", "nN/pGW74/azAfDCLzPvOePQhh9WJxTCwGkGl1nItyQPktXs1PK7iK1t7QNUrqMEW")]
    [InlineData("sha512:north", "1433895918:506",
        "mI617eOZMLDfg/k/FIxqDAz9ZJYN5tf+NPITk7m32BCuPfAktYgwo5O8xF0rVBpw3m4IbFMpqB8C7LLpmvOL6g==")]
    public void Passwords_are_those_that_others_make(string text, string username, string expected)
    {
        Assert.True(SharedSecret.TryParse(text, out var secret));
        Span<byte> password = stackalloc byte[SharedSecret.MostPasswordLength];
        var length = secret.WritePassword(Encoding.UTF8.GetBytes(username), password);
        Assert.Equal(expected, Encoding.ASCII.GetString(password[..length]));
    }

    [Fact]
    public void A_secret_of_any_length_makes_the_password_that_the_runtime_makes() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Byte.Array[0, 300], Gen.Enum<SecretHash>()).Sample((key, username, hash) =>
        {
            var mac = hash switch
            {
                SecretHash.Sha1 => HMACSHA1.HashData(key, username),
                SecretHash.Sha256 => HMACSHA256.HashData(key, username),
                SecretHash.Sha384 => HMACSHA384.HashData(key, username),
                _ => HMACSHA512.HashData(key, username),
            };
            var password = new byte[SharedSecret.MostPasswordLength];
            var length = new SharedSecret(hash, key).WritePassword(username, password);
            Assert.Equal(Convert.ToBase64String(mac), Encoding.ASCII.GetString(password.AsSpan(0, length)));
        });

    [Fact]
    public void Minting_joins_expiry_and_opaque_part()
    {
        Assert.True(SharedSecret.TryParse("shared-secret", out var secret));
        var credential = TimeLimitedCredential.Mint(secret, 1_700_003_600, "4f9c2d7e1b6a");
        Assert.Equal(("1700003600:4f9c2d7e1b6a", "9GNlaKm0aCpdUgBrfBxjpoPWYI4="), (credential.Username, credential.Password));
        Assert.Equal("1433895918:506", TimeLimitedCredential.MintFor(secret, 1_433_895_918, "506").Username);
    }

    [Fact]
    public void Minting_with_a_profile_makes_a_name_that_splits_into_both()
    {
        Assert.True(SharedSecret.TryParse("s", out var secret));
        var credential = TimeLimitedCredential.Mint(secret, 1_700_003_600, "0123456789abcdef", "guest");
        Assert.Equal("1700003600:0123456789abcdef.guest", credential.Username);
        Assert.Equal(TimeLimitedCredential.MintFor(secret, 1_700_003_600, "0123456789abcdef.guest").Password, credential.Password);
        Assert.True(TimeLimitedCredential.TrySplitProfile("0123456789abcdef.guest"u8, out var opaque, out var profile));
        Assert.Equal(("0123456789abcdef", "guest"), (Encoding.ASCII.GetString(opaque), Encoding.ASCII.GetString(profile)));
        Assert.Equal(
            TimeLimitedCredential.Mint(secret, 1_700_003_600, "0123456789abcdef"),
            TimeLimitedCredential.Mint(secret, 1_700_003_600, "0123456789abcdef", null));
    }

    [Theory]
    [InlineData("0123456789abcdef", "")]
    [InlineData("0123456789abcdef", "Guest")]
    [InlineData("0123456789abcdef", "a.b")]
    [InlineData("0123456789abcdef", "abcdefghijklmnop")]
    [InlineData("0123456789a.cdef", "guest")]
    [InlineData("0123456789a", "guest")]
    public void Minting_refuses_a_profile_that_a_verifier_would_not_find(string opaque, string profile)
    {
        Assert.True(SharedSecret.TryParse("s", out var secret));
        Assert.Throws<ArgumentException>(() => TimeLimitedCredential.Mint(secret, 1_700_000_000, opaque, profile));
    }

    [Theory]
    [InlineData("4f9c2d7e1b6")]
    [InlineData("4F9C2D7E1B6A")]
    [InlineData("4f9c2d7e1b6a:")]
    [InlineData("alice@example.org")]
    [InlineData("0123456789abcdef0123456789abcdefg")]
    public void Minting_refuses_an_opaque_part_of_another_form(string opaque)
    {
        Assert.True(SharedSecret.TryParse("s", out var secret));
        Assert.Throws<ArgumentException>(() => TimeLimitedCredential.Mint(secret, 1_700_000_000, opaque));
    }

    [Theory]
    [InlineData("1433895918:user", 1_433_895_918L)]
    [InlineData("143389591:", 143_389_591L)]
    [InlineData("99999999999:x", 99_999_999_999L)]
    [InlineData("12345678:user", null)]
    [InlineData("123456789012:user", null)]
    [InlineData("1433895918", null)]
    [InlineData("143389591x:user", null)]
    [InlineData("-433895918:user", null)]
    [InlineData("+433895918:user", null)]
    [InlineData(" 433895918:user", null)]
    [InlineData("user:1433895918", null)]
    [InlineData("", null)]
    [InlineData(":", null)]
    [InlineData("١٢٣٤٥٦٧٨٩:user", null)]
    public void Only_nine_to_eleven_digits_before_a_colon_are_an_expiry(string username, long? expected)
    {
        var found = TimeLimitedCredential.TryReadExpiry(Encoding.UTF8.GetBytes(username), out var expiry);
        Assert.Equal(expected, found ? expiry : null);
    }

    [Fact]
    public void Any_bytes_give_a_value() => Gen.Byte.Array[0, 20].Sample(bytes =>
    {
        if (TimeLimitedCredential.TryReadExpiry(bytes, out var expiry)) Assert.InRange(expiry, 0, 99_999_999_999);
    });

    [Fact]
    public void What_is_minted_is_read_again_and_its_key_is_that_of_its_password() =>
        Gen.Select(Gen.Long[100_000_000, 99_999_999_999], Gen.Char["0123456789abcdefghijklmnopqrstuvwxyz."].Array[12, 32],
            Gen.Enum<SecretHash>(), Gen.Enum<PasswordAlgorithm>()).Sample((expiry, opaque, hash, algorithm) =>
        {
            var secret = new SharedSecret(hash, "a secret"u8);
            var minted = TimeLimitedCredential.Mint(secret, expiry, new string(opaque));
            var username = Encoding.UTF8.GetBytes(minted.Username);
            Assert.True(TimeLimitedCredential.TryReadExpiry(username, out var read));
            Assert.Equal(expiry, read);

            Assert.True(LongTermKey.TryDerive(algorithm, minted.Username, "realm", minted.Password, out var key));
            var derived = TimeLimitedCredential.DeriveKey(algorithm, secret, username, "realm"u8);
            Assert.Equal(key.Span.ToArray(), derived.Span.ToArray());

            // A later expiry is another name with another password.
            username[0] = (byte)(username[0] == '9' ? '8' : username[0] + 1);
            var edited = TimeLimitedCredential.DeriveKey(algorithm, secret, username, "realm"u8);
            Assert.NotEqual(key.Span.ToArray(), edited.Span.ToArray());
        });

    [Theory]
    [InlineData("")]
    [InlineData("sha1:")]
    [InlineData("sha256:")]
    [InlineData("sha512:")]
    public void An_empty_secret_is_none(string text) => Assert.False(SharedSecret.TryParse(text, out _));

    [Theory]
    [InlineData("s", SecretHash.Sha1)]
    [InlineData("sha384:s", SecretHash.Sha384)]
    [InlineData("md5:s", SecretHash.Sha1)]
    [InlineData("SHA256:s", SecretHash.Sha1)]
    [InlineData("sha256", SecretHash.Sha1)]
    public void A_secret_names_its_hash_or_has_SHA_1(string text, SecretHash expected)
    {
        Assert.True(SharedSecret.TryParse(text, out var secret));
        Assert.Equal(expected, secret.Hash);
    }

    [Fact]
    public void Nothing_shows_a_secret()
    {
        Assert.True(SharedSecret.TryParse("sha256:hidden", out var secret));
        var minted = TimeLimitedCredential.Mint(secret, 1_700_003_600, "4f9c2d7e1b6a");
        Assert.Equal("SharedSecret (Sha256)", secret.ToString());
        Assert.DoesNotContain(minted.Password, minted.ToString(), StringComparison.Ordinal);
        var key = TimeLimitedCredential.DeriveKey(PasswordAlgorithm.Md5, secret, "u"u8, "r"u8);
        Assert.Equal("LongTermKey (Md5)", key.ToString());
    }
}
