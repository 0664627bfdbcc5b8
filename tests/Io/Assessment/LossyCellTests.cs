using Portunus.Assessment;
using Portunus.Assessment.Cells;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>Approach 2 over the worst network of the study: thirty clients at once, whose credentials cross one lossy link.</summary>
public sealed class LossyCellTests
{
    /// <summary>Of thirty: what a second's retransmission timeout may still cost (docs/assessment-method.md).</summary>
    const int MostFailures = 3;

    [Theory(Explicit = true)]
    [InlineData("push")]
    [InlineData("integrated")]
    [InlineData("pull")]
    public async Task Nearly_every_client_gets_a_credential_over_150_ms_and_3_percent(string variant)
    {
        var seed = ulong.Parse(Environment.GetEnvironmentVariable("SEED") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        var plan = AssessmentPlan.Default with
        {
            Seed = seed, Networks = [new(150, 0.03)], Ways = [.. Way.All.Where(way => way.Variant == variant)],
        };
        var draft = new Draft(new()
        {
            Machine = new("none", 1, "none", "none", "none"), Seed = seed, Mode = plan.Mode, Began = DateTimeOffset.UnixEpoch,
        });
        await new CellExperiment().RunAsync(plan, draft, () => { }, TestContext.Current.CancellationToken);
        foreach (var cell in draft.Result.Cells) Console.WriteLine($"{variant} {cell.Scenario}: {Served(cell)} of 30. {cell.Reason}");
        Assert.All(draft.Result.Cells, cell => Assert.InRange(Served(cell), 30 - MostFailures, 30));
    }

    static int Served(CellResult cell) => cell.Metrics.GetValueOrDefault(MetricName.Media)?.N ?? 0;
}
