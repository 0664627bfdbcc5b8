using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What came out, made of the figures of the run.</summary>
static class AbstractSection
{
    public static Section Of(AssessmentResult result) => new("abstract", "Abstract",
    [
        .. result.Mode == "quick"
            ? [new Warning("A quick run.", ["It has a few samples of each cell: it shows that everything works, and proves little."])]
            : Array.Empty<Block>(),
        new Tiles([.. Verdicts(result), .. CellCounts(result)]),
        new Paragraph("A browser that calls through an IMS core needs a relay, and the relay wants a credential. This report compares "
            + "the solutions that 3GPP's study TR 33.872 weighed, by running all of them in all of its ways to register."),
        new Bullets([.. Sentences(result).OfType<string>()]),
        new Paragraph(Ranking.Sentence(Ranking.Of(result))),
    ]);

    static IEnumerable<(string, string, Tone)> Verdicts(AssessmentResult result)
    {
        foreach (var (tone, text) in new[]
        {
            (Tone.Good, Verdict.ConfirmedWord), (Tone.Bad, Verdict.RefutedWord), (Tone.Depends, "that depend"),
            (Tone.Missing, Verdict.OpenWord),
        })
        {
            var count = result.Claims.Count(claim => Data.ToneOf(claim.Verdict) == tone);
            yield return ($"{count}", $"{(count == 1 ? "claim" : "claims")} {text}", tone);
        }
    }

    static IEnumerable<(string, string, Tone)> CellCounts(AssessmentResult result)
    {
        foreach (var (status, text) in new[]
        {
            (CellStatus.Measured, "over sockets"), (CellStatus.Modelled, "in virtual time"), (CellStatus.Impossible, "impossible"),
            (CellStatus.Failed, "failed"),
        })
        {
            var count = result.Cells.Count(cell => cell.Status == status);
            yield return ($"{count}", $"{(count == 1 ? "cell" : "cells")} {text}", Tone.Plain);
        }
    }

    static IEnumerable<string?> Sentences(AssessmentResult result)
    {
        yield return Times(result);
        yield return Interfaces(result);
        yield return Cuts(result);
        yield return Clients(result);
    }

    static string? Times(AssessmentResult result)
    {
        var networks = Data.NetworksOf(result, cell => cell.Status == CellStatus.Measured);
        if (networks.Count == 0) return "No call was measured over sockets.";
        var medians = Way.All.Select(way => (
                Way: way,
                Ms: Data.Cell(result, way, RegistrationScenario.S2, networks[0], isVirtual: false)
                    ?.Metrics.GetValueOrDefault(MetricName.Candidate)?.P50))
            .Where(one => one.Ms is not null).OrderBy(one => one.Ms).ToArray();
        return medians.Length == 0
            ? null
            : $"With links of {networks[0]} and a web login, the median time from the click to the first relay candidate was from "
                + $"{Words.Number(medians[0].Ms!.Value)} ms ({medians[0].Way}) to {Words.Number(medians[^1].Ms!.Value)} ms "
                + $"({medians[^1].Way}).";
    }

    static string? Interfaces(AssessmentResult result)
    {
        var counts = result.Architecture.Where(one => !one.HasFeed)
            .Select(one => (Way: new Way(one.Solution, one.Variant), News: one.Interfaces.Count(link => link.IsNew)))
            .GroupBy(one => one.News).OrderBy(group => group.Key).ToArray();
        return counts.Length == 0 ? "The connections of the solutions were not observed." : "Of new interfaces, "
            + string.Join("; ", counts.Select(group => $"{Words.List(group.Select(one => one.Way.ToString()))} "
                + $"{(group.Count() == 1 ? "needs" : "need")} {(group.Key == 0 ? "none" : Words.Number(group.Key))}")) + ".";
    }

    static string? Cuts(AssessmentResult result)
    {
        var cuts = Data.Figures(result, FigureName.Lifetime, FigureName.ToCut)
            .Where(one => !one.Setting.Split(' ').Contains("feed=on"))
            // Where other ends of a registration were tried, too: the core's.
            .OrderBy(one => !one.Setting.Split(' ').Contains("end=core"))
            .Select(one => (Way: new Way(one.Solution, one.Variant), one.Value)).DistinctBy(one => one.Way)
            .OrderBy(one => Way.All.Index().FirstOrDefault(way => way.Item == one.Way).Index).ToArray();
        if (cuts.Length == 0) return "How soon a deregistered user loses the relay was not measured.";
        var cut = cuts.Where(one => one.Value is not null).ToArray();
        var not = cuts.Where(one => one.Value is null).Select(one => one.Way.ToString()).ToArray();
        return "Without a revocation feed, the running relay of a deregistered user was cut "
            + (cut.Length == 0 ? "by no solution" : string.Join(", ", cut.GroupBy(one => Words.Number(one.Value!.Value, "s"))
                .Select(group => $"after {group.Key} by {Words.List(group.Select(one => one.Way.ToString()))}")))
            + (not.Length == 0 ? "." : $", and not while it was waited for by {Words.List(not)}.");
    }

    static string? Clients(AssessmentResult result)
    {
        var browsers = Data.Figures(result, FigureName.Protocol, FigureName.StockBrowser).Where(one => one.Value is not null)
            .ToLookup(one => one.Value == 1, one => new Way(one.Solution, one.Variant).ToString());
        return browsers.Count == 0
            ? "No stock browser was tried."
            : $"A stock browser relayed with {Words.List(browsers[true].Distinct())}, and could not with "
                + $"{Words.List(browsers[false].Distinct())}.";
    }
}
