using System.Collections.Immutable;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Each verdict follows from figures: another figure, another verdict; no figure, none.</summary>
public sealed class ClaimTests
{
    [Theory]
    [InlineData("P1", "confirmed")]
    [InlineData("P2", "confirmed")]
    [InlineData("P3", "confirmed")]
    [InlineData("P4", "depends on when the token is fetched")]
    [InlineData("P5", "confirmed")]
    [InlineData("P6", "depends on whether TURN servers fetch their keys (RFC 7635 §4.1.1)")]
    [InlineData("P7", "confirmed")]
    [InlineData("P8", "confirmed")]
    [InlineData("P9", "confirmed")]
    [InlineData("P10", "confirmed")]
    [InlineData("P11", "depends on whether the operator's own secrets and certificates count; no WAF adds to them")]
    [InlineData("P12", "confirmed")]
    [InlineData("P13", "confirmed")]
    [InlineData("P14", "refuted")]
    public void A_run_as_one_would_expect_it_has_this_verdict(string id, string verdict) =>
        Assert.Equal(verdict, VerdictOf(ExampleResult.Make(), id));

    [Fact]
    public void P1_is_refuted_by_one_header() => Flips("P1", "refuted", Header(Way.OAuthCold, 1));

    [Fact]
    public void P2_is_refuted_by_a_client_of_S1_that_relays_with_a_token() => Flips("P2", "refuted", RelaysInS1);

    [Fact]
    public void P3_is_refuted_by_a_Combined_that_does_not_work_in_S1() => Flips("P3", "refuted", result => result.With(
        cell => cell is { Solution: "Combined", Scenario: RegistrationScenario.S1 }, cell => cell with { Status = CellStatus.Failed }));

    [Fact]
    public void P4_is_refuted_when_no_variant_asks_the_WAF_in_a_call_or_takes_longer() => Flips("P4", "refuted", result => result.With(
        cell => cell.Solution == "OAuth",
        cell => cell with
        {
            Call = [.. cell.Call.Where(link => link.Link != LinkName.Waf)],
            Metrics = cell.Metrics.Count == 0 ? cell.Metrics : cell.Metrics.SetItem(MetricName.Candidate, new("ms", [43])),
        }));

    [Fact]
    public void P5_depends_when_an_unmodified_client_relays_with_tokens() => Flips(
        "P5", "depends on the side that is looked at", Plain(Way.OAuthWarm, 1));

    [Fact]
    public void P6_is_confirmed_when_fetched_keys_touch_every_WAF_too() => Flips("P6", "confirmed", result => result.With(
        (Figure figure) => figure.Subject == FigureName.SitesForTurn && figure.Setting.Contains("automatic",
            StringComparison.Ordinal), 10));

    [Fact]
    public void P7_is_refuted_by_one_interface() => Flips("P7", "refuted", result => result.With(Way.A1, ExampleResult.Push));

    [Fact]
    public void P8_is_refuted_by_one_message_more() => Flips("P8", "refuted", result => result.With(
        cell => cell is { Solution: "A1", Scenario: RegistrationScenario.S1 },
        cell => cell with { Call = [.. cell.Call.Select(link => link with { Messages = link.Messages + 1 })] }));

    [Fact]
    public void P9_is_refuted_by_an_approach_without_a_header() => Flips("P9", "refuted", Header(Way.A1, 0));

    [Fact]
    public void P10_is_refuted_by_a_browser_that_does_not_relay() => Flips("P10", "refuted", result => result.With(
        figure => figure.Subject == FigureName.StockBrowser && figure.Solution == "A1", 0));

    [Fact]
    public void P11_is_refuted_by_a_site_that_each_WAF_touches() => Flips("P11", "refuted", result => result.With(
        figure => figure.Subject == FigureName.SitesForWaf && figure.Solution == "A2", 1));

    [Fact]
    public void P12_is_refuted_by_an_interface_of_the_integrated_variant() =>
        Flips("P12", "refuted", result => result.With(Way.A2Integrated, ExampleResult.Push));

    [Fact]
    public void P13_depends_on_the_weights_when_OAuth_is_quickest() => Flips("P13", "depends on the weights", result => result.With(
        cell => cell is { Variant: "prefetched", Status: CellStatus.Measured },
        cell => cell with { Metrics = cell.Metrics.SetItem(MetricName.Candidate, new("ms", [5])) }));

    [Fact]
    public void P14_is_confirmed_when_no_variant_has_more_of_anything() => Flips("P14", "confirmed", result => result.With(
        figure => figure.Experiment == FigureName.Complexity, 1));

    [Fact]
    public void Without_figures_every_claim_is_open()
    {
        var empty = ExampleResult.Make() with { Cells = [], Figures = [], Architecture = [] };
        Assert.All(Claims.Judge(Scorecard.Score(empty)), claim => Assert.Equal("open", claim.Verdict));
    }

    [Fact]
    public void Every_claim_shows_its_evidence_and_its_rule() => Assert.All(
        Claims.Judge(Scorecard.Score(ExampleResult.Make())), claim =>
        {
            Assert.NotEmpty(claim.Evidence);
            Assert.NotEmpty(claim.Rule);
        });

    static void Flips(string id, string verdict, Func<AssessmentResult, AssessmentResult> plant)
    {
        var before = ExampleResult.Make();
        Assert.NotEqual(verdict, VerdictOf(before, id));
        Assert.Equal(verdict, VerdictOf(plant(before), id));
    }

    static string VerdictOf(AssessmentResult result, string id) =>
        Claims.Judge(Scorecard.Score(result)).Single(claim => claim.Id == id).Verdict;

    static AssessmentResult RelaysInS1(AssessmentResult result) => result.With(
        cell => cell is { Solution: "OAuth", Scenario: RegistrationScenario.S1 }, cell => cell with { Status = CellStatus.Measured });

    static Func<AssessmentResult, AssessmentResult> Header(Way way, double count) => result => result.With(
        figure => figure.Subject == FigureName.NewSipHeaders && figure.Solution == way.Solution && figure.Variant == way.Variant, count);

    static Func<AssessmentResult, AssessmentResult> Plain(Way way, double relays) => result => result.With(
        figure => figure.Subject == FigureName.PlainTurnClient && figure.Solution == way.Solution && figure.Variant == way.Variant, relays);
}
