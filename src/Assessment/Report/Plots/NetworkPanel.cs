using System.Xml.Linq;
using Portunus.Assessment.Results;
using static Portunus.Assessment.Report.Html.Markup;

namespace Portunus.Assessment.Report.Plots;

/// <summary>The entities of a solution and what passes between them; what the network has for this solution alone is thick, double
/// dashed and says "new".</summary>
static class NetworkPanel
{
    const double Width = 420, Height = 262, HalfBox = 39;

    /// <summary>The functions of TS 23.228 Annex U, as one usually draws them.</summary>
    static readonly Dictionary<string, (double X, double Y)> Places = new()
    {
        ["WIC"] = (46, 140), ["WWSF"] = (150, 52), ["WAF"] = (352, 52), ["eP-CSCF"] = (214, 140), ["S-CSCF"] = (374, 140),
        ["TURN"] = (250, 226),
    };

    public static XElement Draw(string title, ArchitectureResult seen)
    {
        var places = PlacesOf(seen);
        var lines = seen.Interfaces
            .GroupBy(one => (Pair: string.Join('|', new[] { one.From, one.To }.Order(StringComparer.Ordinal)), one.IsNew))
            .OrderBy(group => group.Key.IsNew).ToArray();
        var isShared = lines.GroupBy(line => line.Key.Pair).Where(pair => pair.Count() > 1).Select(pair => pair.Key).ToHashSet();
        var drawn = lines.Select(line => Line([.. line], places, isShared.Contains(line.Key.Pair))).ToArray();
        // Names after all lines, so that no line crosses one.
        return Panel.Frame(
            Width, Height, title, Describe(seen), drawn.SelectMany(line => line.Strokes), drawn.Select(line => line.Name),
            places.Select(place => Box(place.Key, place.Value)));
    }

    static IReadOnlyDictionary<string, (double X, double Y)> PlacesOf(ArchitectureResult seen)
    {
        var names = seen.Functions.Concat(seen.Interfaces.SelectMany(one => new[] { one.From, one.To })).Distinct().ToArray();
        var others = names.Where(name => !Places.ContainsKey(name)).ToList();
        return names.ToDictionary(name => name, name => Places.TryGetValue(name, out var place)
            ? place
            : (46 + (others.IndexOf(name) % 4 * 90), 240 - (others.IndexOf(name) / 4 * 34)));
    }

    static (IReadOnlyList<XElement> Strokes, XElement Name) Line(
        SeenInterface[] same, IReadOnlyDictionary<string, (double X, double Y)> places, bool isShared)
    {
        var (from, to) = (places[same[0].From], places[same[0].To]);
        var isNew = same[0].IsNew;
        var length = Math.Max(1, Math.Sqrt(Math.Pow(to.X - from.X, 2) + Math.Pow(to.Y - from.Y, 2)));
        var apart = isShared ? (isNew ? 8 : -8) : 0;
        // Upwards or to the right, whichever end is called the first.
        var side = from.X < to.X || (from.X.Equals(to.X) && from.Y < to.Y) ? 1 : -1;
        var (dx, dy) = (-(to.Y - from.Y) / length * apart * side, (to.X - from.X) / length * apart * side);
        var (x1, y1, x2, y2) = (from.X + dx, from.Y + dy, to.X + dx, to.Y + dy);
        var name = string.Join(", ", same.CountBy(one => one.Protocol).Select(one => one.Value == 1 ? one.Key : $"{one.Value} × "
            + $"{one.Key}"));
        // Not in the middle of a long line, where others cross it.
        var share = length > 250 ? 0.62 : to.Y - from.Y > 150 ? 0.78 : from.Y - to.Y > 150 ? 0.22 : 0.5;
        XElement[] strokes = isNew
            ? [Panel.Line(x1, y1, x2, y2, "interface new"), Panel.Line(x1, y1, x2, y2, "interface core")]
            : [Panel.Line(x1, y1, x2, y2, "interface")];
        return (strokes, Panel.Text(
            x1 + ((x2 - x1) * share), y1 + ((y2 - y1) * share) + 4 + (isNew ? 6 : 0), isNew ? $"new: {name}" : name,
            isNew ? "protocol new middle" : "protocol middle"));
    }

    static IEnumerable<XElement> Box(string name, (double X, double Y) place)
    {
        yield return El(
            "rect", ("x", place.X - HalfBox), ("y", place.Y - 14), ("width", HalfBox * 2), ("height", 28), ("rx", 5), ("class", "entity"));
        yield return Panel.Text(place.X, place.Y + 4, name.Length > 11 ? $"{name[..10]}…" : name, "entity-name middle");
    }

    static string Describe(ArchitectureResult seen) => string.Join(". ", seen.Interfaces.Select(one =>
        $"{one.From} to {one.To} by {one.Protocol}{(one.IsNew ? ", new" : "")}"));
}
