using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>The suite from a command line.</summary>
public sealed class AloneTests
{
    static readonly string[] Who = ["--user", "alice:wonderland", "--realm", "example.org", "--patience", "3"];

    [Fact]
    public void Its_flags_are_told_from_those_of_the_test_runner()
    {
        Assert.True(Alone.IsMeant(["--target", "udp:127.0.0.1:3478"]));
        Assert.True(Alone.IsMeant(["--help"]));
        Assert.False(Alone.IsMeant(["-noLogo", "-class", "*.WireTests"]));
    }

    [Fact]
    public void Help_names_every_flag()
    {
        var (code, output, _) = Run("--help");
        Assert.Equal(0, code);
        Assert.All(Flags.Names, flag => Assert.Contains($"--{flag}", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("udp:127.0.0.1", "write udp:HOST:PORT")]
    [InlineData("sctp:127.0.0.1:3478", "write udp:HOST:PORT")]
    public void A_target_that_is_none_is_told(string target, string hint)
    {
        var (code, _, errors) = Run(["--target", target, .. Who]);
        Assert.Equal(2, code);
        Assert.Contains(hint, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flag_that_is_missing_or_unknown_is_told()
    {
        Assert.Contains("--user is needed", Run("--target", "udp:127.0.0.1:3478").Errors, StringComparison.Ordinal);
        Assert.Contains("'--tls' is no flag", Run("--list", "--tls").Errors, StringComparison.Ordinal);
        Assert.Contains("--realm needs a value", Run("--list", "--realm").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_passes_ends_with_0_and_one_that_fails_with_1()
    {
        using var server = new WrongServer(bytes =>
        {
            if (bytes.Length < 20) return null;
            var reply = new Outgoing(Method.Binding, Class.Success).ToArray();
            bytes.AsSpan(8, 12).CopyTo(reply.AsSpan(8));
            return reply;
        });
        string[] target = ["--target", $"{server.Target.Endpoints[0]}", .. Who];
        var (code, output, _) = Run([.. target, "--check", "A_FINGERPRINT_is_not_needed"]);
        Assert.Equal((0, true), (code, output.StartsWith("passed", StringComparison.Ordinal)));
        (code, output, _) = Run([.. target, "--check", "An_address_has"]);
        Assert.Equal((1, true), (code, output.StartsWith("FAILED", StringComparison.Ordinal)));
        Assert.Contains("has no XOR-MAPPED-ADDRESS", output, StringComparison.Ordinal);
    }

    static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (Alone.Run(arguments, output, errors), $"{output}", $"{errors}");
    }
}
