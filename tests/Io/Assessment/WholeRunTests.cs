using System.Text.Json.Nodes;
using Json.Schema;
using Portunus.Assessment;
using Portunus.Assessment.Report;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>Every experiment of <c>portunus assess</c>, over so small a plan that it ends in seconds; and the report of it.</summary>
public sealed class WholeRunTests : IDisposable
{
    static readonly AssessmentPlan Small = AssessmentPlan.Quick with
    {
        Ways = [Way.A1], Scenarios = [RegistrationScenario.S1], Networks = [new(2, 0)], VirtualNetworks = [new(2, 0)], Samples = 2,
        VirtualSamples = 10, LargestFleet = 1, Populations = [20, 40], Attempts = 1,
    };

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_whole_assessment_of_one_solution_is_in_its_report_which_lists_what_is_missing()
    {
        var result = await new Assessor(Experiments.All(), _ => { }).RunAsync(Small with { TemporaryFolder = _folder }, Stop);
        Assert.Equal([], result.Missing);
        Assert.Equal(
            [(CellStatus.Measured, 2), (CellStatus.Modelled, 10)],
            result.Cells.Select(cell => (cell.Status, cell.Metrics[MetricName.Media].Samples.Length)));
        Assert.All(result.Cells, cell => Assert.Equal(Way.A1, cell.Way));
        var cell = result.Cells[0];
        // Two REGISTERs and the watch of what becomes of it: never a part of the call, whenever it came.
        Assert.All(
            (string[])[LinkName.Mw, LinkName.MwBack],
            name => Assert.InRange(cell.Registration.Single(link => link.Link == name).Messages, 4, double.MaxValue));
        Assert.Equal(Way.All.Count - 1 + 2, result.LeftOut.Count(one => one.Contains("of this run", StringComparison.Ordinal)));
        Assert.All(
            (string[])[
                FigureName.Protocol, FigureName.Drills, FigureName.Lifetime, FigureName.Theft, FigureName.Prompts, FigureName.Clocks,
                FigureName.Restarts, FigureName.Rotation, FigureName.Management, FigureName.Scale, FigureName.Complexity,
            ],
            experiment => Assert.Contains(result.Figures, figure => figure.Experiment == experiment));
        // All that it made in between is gone.
        Assert.Empty(Directory.GetFileSystemEntries(_folder));

        new ReportFolder(_folder).Write(result);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "assessment.json"), Stop))!;
        using var element = System.Text.Json.JsonDocument.Parse(json.ToJsonString());
        Assert.True(JsonSchema.FromText(AssessmentSchema.Write()).Evaluate(element.RootElement).IsValid);
        var markdown = await File.ReadAllTextAsync(Path.Combine(_folder, "assessment.md"), Stop);
        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "assessment.html"), Stop);
        Assert.All((string[])[markdown, page], text =>
        {
            Assert.Contains("A2 push: not among the solutions of this run.", text, StringComparison.Ordinal);
            Assert.Contains("Claims that stay open for want of figures", text, StringComparison.Ordinal);
        });
        Assert.EndsWith("</html>", page.TrimEnd(), StringComparison.Ordinal);
    }
}
