using System.Collections.Immutable;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report;

/// <summary>Digits that mean something: milliseconds, counts and seconds of the run to the hundredth, other figures to five digits,
/// scores to the thousandth.</summary>
static class Rounding
{
    public static AssessmentResult Of(AssessmentResult result) => result with
    {
        Seconds = Round(result.Seconds),
        Cells = [.. result.Cells.Select(Of)],
        Agreements =
        [
            .. result.Agreements.Select(one => one with
            {
                Sockets = Round(one.Sockets), Virtual = Round(one.Virtual), SocketsLow = Hundredths(one.SocketsLow),
                SocketsHigh = Hundredths(one.SocketsHigh),
            }),
        ],
        Figures = [.. result.Figures.Select(figure => figure with { Value = Digits(figure.Value) })],
        Scores = [.. result.Scores.Select(score => score with { Value = score.Value is { } value ? Math.Round(value, 3) : null })],
    };

    static CellResult Of(CellResult cell) => cell with
    {
        Metrics = cell.Metrics.ToImmutableSortedDictionary(
            metric => metric.Key, metric => metric.Value with { Samples = [.. metric.Value.Samples.Select(Round)] }),
        Registration = [.. cell.Registration.Select(Of)],
        Call = [.. cell.Call.Select(Of)],
    };

    static LinkCount Of(LinkCount link) => link with
    {
        Connections = Round(link.Connections), Handshakes = Round(link.Handshakes), HandshakeBytes = Round(link.HandshakeBytes),
        Messages = Round(link.Messages), Bytes = Round(link.Bytes), RoundTrips = Round(link.RoundTrips),
    };

    static double Round(double value) => Math.Round(value, 2);

    static double? Hundredths(double? value) => value is { } known ? Round(known) : null;

    static double? Digits(double? value)
    {
        if (value is not { } known || known == 0 || !double.IsFinite(known)) return value;
        var places = 4 - (int)Math.Floor(Math.Log10(Math.Abs(known)));
        return places <= 0 ? Math.Round(known) : Math.Round(known, Math.Min(places, 15));
    }
}
