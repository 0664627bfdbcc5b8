using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>Our server, check by check.</summary>
public sealed class OurServerTests
{
    public static TheoryData<string> Checks => [.. Check.All.Select(check => check.Name)];

    [Theory]
    [MemberData(nameof(Checks), DisableDiscoveryEnumeration = false)]
    public void Our_server_does_what_the_RFCs_ask(string check)
    {
        var failed = Results.Ours.Verdicts.Where(verdict => verdict.Check.Name == check && verdict.Outcome == Outcome.Failed)
            .Select(verdict => $"RFC {verdict.Check.Section} over {verdict.Transport}: {verdict.Why}");
        Assert.Empty(failed);
    }

    [Fact]
    public void What_our_server_declines_it_does_not_do()
    {
        foreach (var declined in Results.Ours.Declines)
            Assert.DoesNotContain(
                Results.Ours.Verdicts, verdict => verdict.Check.Name == declined && verdict.Outcome == Outcome.Passed);
    }

    [Fact(Explicit = true)]
    public void Our_server_keeps_lifetimes_too()
    {
        using var server = new OurServer();
        var slow = Runner.Run(server.Target, Check.All.Where(check => check.Needs.HasFlag(Needs.Slow)), slow: true);
        Assert.Contains(slow, verdict => verdict.Outcome == Outcome.Passed);
        Assert.Empty(slow.Where(verdict => verdict.Outcome == Outcome.Failed).Select(verdict => $"{verdict.Check}: {verdict.Why}"));
    }
}
