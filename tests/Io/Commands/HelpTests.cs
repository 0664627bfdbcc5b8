namespace Portunus.Tests.Io.Commands;

/// <summary>What is not there is said where it is looked for.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("up")]
    [InlineData("serve")]
    [InlineData("wic")]
    public void The_help_says_that_scenario_1_is_SIP_Digest_without_AKA_and_that_no_media_gateway_is_there(string command)
    {
        var (code, output, _) = PortunusProcess.Run([command, "--help"]);
        Assert.Equal(0, code);
        Assert.Contains("SIP Digest", output, StringComparison.Ordinal);
        Assert.Contains("AKA is not there", output, StringComparison.Ordinal);
        Assert.Matches("no (real )?media gateway", output);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 200));
    }
}
