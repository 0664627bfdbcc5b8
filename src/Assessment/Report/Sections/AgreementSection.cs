using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>Whether virtual time says the same as sockets.</summary>
static class AgreementSection
{
    public static Section Of(AssessmentResult result)
    {
        if (result.Agreements.IsEmpty)
            return new("agreement", "Sockets and virtual time", new Warning("Not compared.", ["The run has no cell both over sockets "
                + "and in virtual time."]));
        var outside = result.Agreements.Where(one => !one.Holds).ToArray();
        return new("agreement", "Sockets and virtual time",
        [
            new Paragraph("The model takes the times of processing from the cells without loss that are marked calibration; those agree by "
                + "their making. Everything else it finds out for itself. "
                + $"Medians agree when they differ by 5 % at most, or by 2 ms where that is more. "
                + $"{result.Agreements.Length - outside.Length} of {result.Agreements.Length} do; "
                + (outside.Length == 0 ? "none is outside." : $"{Words.Count(outside.Length, "is", "are")} outside, and listed here.")),
            new Drawing(
                "Medians over sockets and in virtual time, in milliseconds by powers of ten. A dot on the diagonal is the same in both; a "
                + "triangle is outside of the tolerance. Colours are those of the solutions.",
                [.. result.Agreements.GroupBy(one => one.Metric).Select(Draw)]),
            .. outside.Length == 0 ? Array.Empty<Block>()
                : [Of("Outside of the tolerance: do not take the modelled value for measured", outside)],
            new Fold("All comparisons", Of("Medians over sockets and in virtual time", result.Agreements)),
        ]);
    }

    static System.Xml.Linq.XElement Draw(IGrouping<string, Agreement> metric) => ScatterPanel.Draw(
        metric.Key, "over sockets, ms", "virtual, ms",
        [
            .. metric.Select(one => new Pair(
                one.Cell, Data.SeriesOf(one.Cell.Split(' ', ',')[0]), one.Sockets, one.Virtual, one.Holds)),
        ]);

    static Table Of(string caption, IEnumerable<Agreement> all) => new(
        caption, ["cell", "metric", "sockets", "virtual time", "difference", "tolerance", "agrees", "note"],
        [
            .. all.Select(one => (IReadOnlyList<Cell>)
            [
                one.Cell, one.Metric, Words.Number(one.Sockets, "ms"), Words.Number(one.Virtual, "ms"),
                Words.Number(one.Virtual - one.Sockets, "ms"), Words.Number(one.Tolerance, "ms"),
                one.Holds ? new("yes", Tone.Good) : new Cell("no", Tone.Bad),
                one.IsCalibration ? "calibration" : !one.Holds && one.MayBeChance ? "may be chance: few samples over sockets" : "",
            ]),
        ]);
}
