namespace Portunus.Tests.Io.Wic;

/// <summary><c>portunus wic</c> with an access token in place of a password: scenario 2.</summary>
public sealed class WicWithTokenTests(TokenSystem system) : IClassFixture<TokenSystem>, IDisposable
{
    static readonly string[] Short = ["--seconds", "1", "--rate", "200"];

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("password")]
    [InlineData("oauth")]
    public void It_registers_and_relays_with_a_credential_of_either_kind(string kind)
    {
        var run = WicRun.Of(["relay", .. With(TokenSystem.Token), "--credential", kind, .. Short]);
        run.AssertNoLoss(200);
        Assert.StartsWith($"{kind} for turn:127.0.0.1:", run.Detail("renew"), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_token_is_refused_in_one_sentence() =>
        WicRun.Of(["register", .. With("another")]).AssertRefused("The token was refused for sip:alice@ims.localhost (401).");

    string[] With(string token)
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, token);
        return ["--server", system.W2, "--user", "alice@ims.localhost", "--token", $"@{file}"];
    }
}
