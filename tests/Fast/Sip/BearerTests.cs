using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class BearerTests
{
    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer  abc.DEF-_~+/==", "abc.DEF-_~+/==")]
    [InlineData("Bearer access_token=\"abc.def\"", "abc.def")]
    [InlineData("Bearer realm=\"x\", access_token=abc", "abc")]
    [InlineData("Bearer access_token=", "access_token=")]
    [InlineData("Bearer", null)]
    [InlineData("Bearer =", null)]
    [InlineData("Bearer a b", null)]
    [InlineData("Bearer access_token=\"a b\"", null)]
    [InlineData("Bearer access_token=\"unclosed", null)]
    [InlineData("Bearerabc", null)]
    [InlineData("Digest abc", null)]
    public void Both_forms_of_a_bearer_are_read_and_nothing_else(string text, string? token) =>
        Assert.Equal(token, BearerCredentials.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var read) ? read.Token : null);

    [Fact]
    public void A_token_is_not_shown()
    {
        var credentials = new BearerCredentials("secret");
        Assert.Equal(("Bearer secret", "Bearer"), (credentials.ToHeaderText(), credentials.ToString()));
    }

    [Fact]
    public void A_challenge_reads_as_RFC_8898_writes_it()
    {
        var written = new BearerChallenge("ims.example.net", "https://waf.example.net/", BearerChallenge.InvalidToken, "ims.register");
        Assert.Equal(
            "Bearer realm=\"ims.example.net\", scope=\"ims.register\", authz_server=\"https://waf.example.net/\", error=\"invalid_token\"",
            written.ToHeaderText());
        Assert.True(BearerChallenge.TryParse(System.Text.Encoding.UTF8.GetBytes(written.ToHeaderText()), out var read));
        Assert.Equal(
            ("ims.example.net", "https://waf.example.net/", "invalid_token", "ims.register"),
            (read.Realm, read.AuthorizationServer, read.Error, read.Scope));
        Assert.False(BearerChallenge.TryParse("Digest realm=\"x\""u8, out _));
    }
}
