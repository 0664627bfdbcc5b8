using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

public sealed class WicUsageTests
{
    const string Server = "ws://127.0.0.1:9/w2";
    const string Alice = "alice@ims.localhost";

    [Theory]
    [InlineData("wic", "relay")]
    [InlineData("wic", "relay", "--turn", "turn:192.0.2.1")]
    [InlineData("wic", "relay", "--turn", "auto")]
    [InlineData("wic", "relay", "--turn", "automatic", "--turn-secret", "x")]
    [InlineData("wic", "relay", "--turn", "auto:192.0.2.1", "--turn-secret", "x")]
    [InlineData("wic", "relay", "--turn", "auto:printer.local", "--turn-secret", "x")]
    [InlineData("wic", "relay", "--turn", "turn:192.0.2.1", "--turn-secret", "x", "--turn-trust", "10.0.0.0/8")]
    [InlineData("wic", "relay", "--turn", "auto", "--turn-secret", "x", "--turn-trust", "10.0.0.0/33")]
    [InlineData("wic", "relay", "--turn", "turn:192.0.2.1", "--turn-secret", "x", "--turn-password", "y")]
    [InlineData("wic", "relay", "--server", Server, "--user", Alice, "--password", "x", "--turn-secret", "y")]
    [InlineData("wic", "relay", "--server", Server, "--user", Alice, "--password", "x", "--seconds", "0")]
    [InlineData("wic", "register", "--user", Alice, "--password", "x")]
    [InlineData("wic", "register", "--server", Server, "--user", Alice, "--password", "x", "--token", "y")]
    [InlineData("wic", "register", "--server", Server, "--user", Alice, "--token", "two words")]
    [InlineData("wic", "register", "--server", "ws://192.0.2.1/w2", "--user", Alice, "--token", "x")]
    [InlineData("wic", "register", "--server", "wss://192.0.2.1/w2", "--user", Alice, "--password", "x", "--insecure")]
    [InlineData("wic", "call", "--answer", "--to", Alice, "--server", Server, "--user", Alice, "--password", "x")]
    [InlineData("wic", "echo", "--listen", "127.0.0.1:0", "--turn", "turn:192.0.2.1")]
    [InlineData("wic")]
    public void Wrong_usage_is_exit_code_2_and_says_what_to_write(params string[] words)
    {
        var (code, output, errors) = PortunusProcess.Run(words);
        Assert.Equal(2, code);
        Assert.Contains("Try: portunus wic ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("register", "--stay")]
    [InlineData("relay", "--turn-secret")]
    public void The_help_of_each_names_its_flags_and_where_secrets_are_read_from(string command, string flag)
    {
        var (code, output, _) = PortunusProcess.Run(["wic", command, "--help"]);
        Assert.Equal(0, code);
        Assert.Contains(flag, output, StringComparison.Ordinal);
        Assert.Contains("--password <@FILE|env:NAME|PASSWORD>", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 200));
    }

    [Fact]
    public void A_taken_port_is_one_sentence()
    {
        using var first = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.1:0");
        var (code, _, errors) = PortunusProcess.Run(["wic", "echo", "--listen", $"{first.Listeners[0]}"]);
        Assert.Equal(1, code);
        Assert.Contains("cannot be had", Assert.Single(errors.Split('\n')), StringComparison.Ordinal);
    }
}
