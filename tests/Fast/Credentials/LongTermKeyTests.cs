using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

public class LongTermKeyTests
{
    [Theory]
    [InlineData(PasswordAlgorithm.Md5, "8493fbc53ba582fb4c044c456bdc40eb")]
    [InlineData(PasswordAlgorithm.Sha256, "07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b")]
    public void The_example_of_RFC_8489_has_its_key(PasswordAlgorithm algorithm, string expected)
    {
        Assert.True(LongTermKey.TryDerive(algorithm, "user", "realm", "pass", out var key));
        Assert.Equal(expected, Convert.ToHexStringLower(key.Span));
    }

    [Fact]
    public void Composed_and_decomposed_passwords_have_one_key()
    {
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "user", "realm", "A\u030Angstrom", out var decomposed));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "user", "realm", "\u00C5ngstrom", out var composed));
        Assert.Equal(composed.Span.ToArray(), decomposed.Span.ToArray());
    }

    [Fact]
    public void What_OpaqueString_refuses_has_no_key()
    {
        Assert.False(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "user", "realm", "", out _));
        Assert.False(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "us\u00ADer", "realm", "pass", out _));
        Assert.False(LongTermKey.TryDerive(PasswordAlgorithm.Md5, "user", "re\0alm", "pass", out _));
    }

    [Fact]
    public void A_username_longer_than_any_buffer_has_a_key() =>
        Assert.Equal(32, LongTermKey.Derive(PasswordAlgorithm.Sha256, new byte[70_000], "realm"u8, "pass"u8).Span.Length);

    [Fact]
    public void A_key_from_elsewhere_has_the_length_of_its_algorithm()
    {
        Assert.Equal(16, LongTermKey.From(PasswordAlgorithm.Md5, new byte[16]).Span.Length);
        Assert.Throws<ArgumentException>(() => LongTermKey.From(PasswordAlgorithm.Md5, new byte[32]));
    }
}
