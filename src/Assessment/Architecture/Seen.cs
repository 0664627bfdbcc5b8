using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Architecture;

/// <summary>What was seen on the wire of one system.</summary>
/// <param name="Headers">Of SIP, by name.</param>
/// <param name="Methods">Of SIP.</param>
/// <param name="Attributes">Of STUN, by type.</param>
/// <param name="Pairs">Links that carried something.</param>
sealed record Seen(
    IReadOnlyCollection<string> Headers, IReadOnlyCollection<string> Methods, IReadOnlyCollection<string> Attributes,
    IReadOnlyList<(string From, string To, string Protocol, string Link, long Messages)> Pairs)
{
    public static Seen Nothing { get; } = new([], [], [], []);

    public Seen And(Seen other) => new(
        [.. Headers.Union(other.Headers, StringComparer.OrdinalIgnoreCase)], [.. Methods.Union(other.Methods)],
        [.. Attributes.Union(other.Attributes)], [.. Pairs, .. other.Pairs]);

    public ArchitectureResult Beyond(Seen baseline, Way way, bool hasFeed) => new()
    {
        Solution = way.Solution,
        Variant = way.Variant,
        HasFeed = hasFeed,
        Functions = [.. Pairs.SelectMany(pair => new[] { pair.From, pair.To }).Distinct().Order(StringComparer.Ordinal)],
        Interfaces =
        [
            .. Pairs.GroupBy(pair => (pair.From, pair.To, pair.Protocol)).Select(group => new SeenInterface(
                group.Key.From, group.Key.To, group.Key.Protocol, group.Sum(pair => pair.Messages),
                string.Join(", ", group.Select(pair => pair.Link).Distinct()), !baseline.Has(group.Key))),
        ],
        NewOnTheWire = [.. NewHeaders(baseline), .. NewMethods(baseline), .. NewAttributes(baseline)],
    };

    public IEnumerable<Figure> FiguresBeyond(Seen baseline, Way way)
    {
        yield return Count(FigureName.NewSipHeaders, NewHeaders(baseline));
        yield return Count(FigureName.NewSipMethods, NewMethods(baseline));
        yield return Count(FigureName.NewStunAttributes, NewAttributes(baseline));

        Figure Count(string subject, IEnumerable<string> news)
        {
            var all = news.ToArray();
            return new()
            {
                Experiment = FigureName.Protocol, Subject = subject, Solution = way.Solution, Variant = way.Variant, Value = all.Length,
                Outcome = all.Length == 0 ? "none" : string.Join(", ", all),
            };
        }
    }

    bool Has((string From, string To, string Protocol) pair) =>
        Pairs.Any(one => (one.From, one.To, one.Protocol) == pair);

    IEnumerable<string> NewHeaders(Seen baseline) => Headers.Except(baseline.Headers, StringComparer.OrdinalIgnoreCase);

    IEnumerable<string> NewMethods(Seen baseline) => Methods.Except(baseline.Methods);

    IEnumerable<string> NewAttributes(Seen baseline) => Attributes.Except(baseline.Attributes);
}
