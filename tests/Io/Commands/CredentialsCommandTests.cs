using System.Text.Json;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Tests.Io.Commands;

/// <summary><c>portunus credentials mint</c> as a process.</summary>
public sealed class CredentialsCommandTests
{
    static readonly Dictionary<string, string> Environment = new() { ["NORTH"] = "north" };

    [Theory]
    [InlineData(null, SecretHash.Sha1)]
    [InlineData("sha1", SecretHash.Sha1)]
    [InlineData("sha256", SecretHash.Sha256)]
    [InlineData("sha384", SecretHash.Sha384)]
    [InlineData("sha512", SecretHash.Sha512)]
    public void It_prints_a_credential_as_JSON_alone(string? hash, SecretHash expected)
    {
        string[] withHash = hash is null ? [] : ["--hash", hash];
        var before = SystemClock.Now.UnixSeconds;
        var (code, output, errors) = PortunusProcess.Run(
            ["credentials", "mint", "--secret", "env:NORTH", "--user", "4f9c2d7e1b6a", "--ttl", "600", .. withHash], Environment);
        Assert.Equal(0, code);
        Assert.Empty(errors);
        using var json = JsonDocument.Parse(output);
        var names = json.RootElement.EnumerateObject().Select(member => member.Name);
        Assert.Equal(["username", "credential", "ttl"], names);
        Assert.Equal(600, json.RootElement.GetProperty("ttl").GetInt32());
        var username = json.RootElement.GetProperty("username").GetString()!;
        var expiry = long.Parse(username.Split(':')[0], null);
        Assert.InRange(expiry, before + 600, SystemClock.Now.UnixSeconds + 600);
        var again = TimeLimitedCredential.MintFor(new(expected, "north"u8), expiry, "4f9c2d7e1b6a");
        Assert.Equal(again.Username, username);
        Assert.Equal(again.Password, json.RootElement.GetProperty("credential").GetString());
        Assert.DoesNotContain("\\u", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--ttl", "0")]
    [InlineData(2, "--ttl", "-1")]
    [InlineData(2, "--ttl", "99999999999")]
    [InlineData(2, "--hash", "md5")]
    [InlineData(2, "--nonsense", "1")]
    [InlineData(1, "--secret", "env:PORTUNUS_NO_SUCH_VARIABLE")]
    [InlineData(1, "--secret", "@/nonexistent/file")]
    public void What_makes_no_credential_is_an_error_and_prints_none(int expected, string flag, string value)
    {
        var secret = flag == "--secret" ? Array.Empty<string>() : ["--secret", "env:NORTH"];
        var (code, output, errors) = PortunusProcess.Run(
            ["credentials", "mint", .. secret, "--user", "u", flag, value], Environment);
        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.Contains(flag, errors, StringComparison.Ordinal);
    }
}
