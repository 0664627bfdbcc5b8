using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Portunus.Assessment.Report;
using Portunus.Assessment.Results;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>What is written as JSON: by its schema, and to be read again.</summary>
public sealed class AssessmentJsonTests
{
    static readonly string[] Members =
        ["solution", "variant", "scenario", "network", "status", "reason", "metrics", "bytes", "messages", "keys"];

    [Fact]
    public void What_was_written_is_read_as_the_same()
    {
        var written = AssessmentJson.Write(RichResult.Make());
        Assert.Equal(written, AssessmentJson.Write(AssessmentJson.Read(written)));
        var read = AssessmentJson.Read(written);
        Assert.Equal(RichResult.Make().Cells.Length, read.Cells.Length);
        Assert.Equal(RichResult.Make().Claims.Select(claim => claim.Verdict), read.Claims.Select(claim => claim.Verdict));
    }

    [Fact]
    public void A_result_is_valid_by_the_schema()
    {
        var rich = RichResult.Make();
        // Of the cells a few of each kind: the validator looks at every sample.
        var found = Evaluate(JsonNode.Parse(AssessmentJson.Write(rich with { Cells = [.. rich.Cells[..20], .. rich.Cells[^20..]] }))!);
        Assert.True(found.IsValid, string.Join('\n', (found.Details ?? []).Where(one => one.Errors is not null)
            .SelectMany(one => one.Errors!.Select(error => $"{one.InstanceLocation}: {error.Value}")).Take(10)));
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("cells")]
    [InlineData("claims")]
    public void A_file_without_a_member_is_not_valid(string member)
    {
        var file = JsonNode.Parse(AssessmentJson.Write(ExampleResult.Make()))!;
        file.AsObject().Remove(member);
        Assert.False(Evaluate(file).IsValid);
    }

    [Fact]
    public void A_sample_that_is_no_number_is_not_valid()
    {
        var file = JsonNode.Parse(AssessmentJson.Write(ExampleResult.Make()))!;
        file["cells"]![0]!["metrics"]!["media"]!["samples"]![0] = "fast";
        Assert.False(Evaluate(file).IsValid);
    }

    [Fact]
    public void Each_cell_has_the_members_that_others_rely_on()
    {
        var file = JsonNode.Parse(AssessmentJson.Write(RichResult.Make()))!;
        Assert.Equal(AssessmentResult.CurrentSchema, (string)file["schema"]!);
        foreach (var cell in file["cells"]!.AsArray())
        {
            foreach (var member in Members)
                Assert.True(cell!.AsObject().ContainsKey(member), member);
            Assert.Equal(["rttMs", "loss"], cell!["network"]!.AsObject().Select(one => one.Key).Take(2));
            foreach (var metric in cell["metrics"]!.AsObject())
                foreach (var member in new[] { "n", "p50", "p95", "p99", "samples" })
                    Assert.True(metric.Value!.AsObject().ContainsKey(member), member);
        }

        foreach (var claim in file["claims"]!.AsArray())
            foreach (var member in new[] { "id", "text", "verdict", "evidence" })
                Assert.True(claim!.AsObject().ContainsKey(member), member);
    }

    [Fact]
    public void Times_are_written_to_the_hundredth_of_a_millisecond()
    {
        var cell = ExampleResult.Make().Cells[0];
        var result = ExampleResult.Make() with
        {
            Cells = [cell with { Metrics = cell.Metrics.SetItem(MetricName.Media, new("ms", [1.23456, 1000.0049])) }],
        };
        var metric = JsonNode.Parse(AssessmentJson.Write(result))!["cells"]![0]!["metrics"]!["media"]!;
        Assert.Equal("[1.23,1000]", metric["samples"]!.ToJsonString());
        Assert.Equal(1.23, (double)metric["p50"]!);
    }

    [Theory]
    [InlineData(0.0123456, 0.012346)]
    [InlineData(1234567.8, 1234568)]
    [InlineData(0, 0)]
    public void Other_figures_are_written_to_five_digits_or_their_whole_part(double value, double written)
    {
        var result = ExampleResult.Make() with { Figures = [ExampleResult.Make().Figures[0] with { Value = value }] };
        Assert.Equal(written, AssessmentJson.Read(AssessmentJson.Write(result)).Figures[0].Value);
    }

    static EvaluationResults Evaluate(JsonNode file) => Schema.Evaluate(
        JsonSerializer.SerializeToElement(file), new() { OutputFormat = OutputFormat.List });

    static readonly JsonSchema Schema = JsonSchema.FromText(AssessmentSchema.Write());
}
