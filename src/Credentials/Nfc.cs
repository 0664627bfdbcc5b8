using System.Text;

namespace Portunus.Credentials;

/// <summary>
/// Unicode Normalization Form C (UAX #15). Its own, because the runtime leaves all but ASCII as it is when it runs without
/// ICU, and a password must not depend on which library a machine has.
/// </summary>
static partial class Nfc
{
    // Hangul syllables are composed by arithmetic (Unicode Standard §3.12).
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    const int SCount = LCount * VCount * TCount;

    static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    static readonly Dictionary<(int First, int Second), int> Compositions = [];
    static readonly Dictionary<int, int> Ranks = [];

    static Nfc()
    {
        for (var i = 0; i < Composed.Length; i += 3)
        {
            Decompositions.Add(Composed[i], (Composed[i + 1], Composed[i + 2]));
            Compositions.Add((Composed[i + 1], Composed[i + 2]), Composed[i]);
        }

        for (var i = 0; i < Decomposed.Length; i += 3)
            Decompositions.Add(Decomposed[i], (Decomposed[i + 1], Decomposed[i + 2]));
        for (var i = 0; i < Classes.Length; i += 3)
            for (var c = Classes[i]; c < Classes[i] + Classes[i + 1]; c++) Ranks.Add(c, Classes[i + 2]);
    }

    public static string Normalize(string text)
    {
        // Nothing below U+0300 takes part in a composition as the second.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF')) return text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, points);
        Order(points);
        Compose(points);
        var normalized = new StringBuilder(points.Count);
        foreach (var point in points) normalized.Append(new Rune(point).ToString());
        return normalized.ToString();
    }

    /// <summary>Whether a character has the combining class of a virama (Canonical_Combining_Class 9).</summary>
    public static bool IsVirama(int point) => ClassOf(point) == ClassOf(0x094D);

    static int ClassOf(int point) => Ranks.GetValueOrDefault(point);

    static void Decompose(int point, List<int> into)
    {
        if (point - SBase is >= 0 and < SCount and var syllable)
        {
            into.Add(LBase + (syllable / (VCount * TCount)));
            into.Add(VBase + (syllable / TCount % VCount));
            if (syllable % TCount != 0) into.Add(TBase + (syllable % TCount));
        }
        else if (Decompositions.TryGetValue(point, out var pair))
        {
            Decompose(pair.First, into);
            if (pair.Second != 0) Decompose(pair.Second, into);
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>The Canonical Ordering Algorithm (Unicode Standard §3.11): a stable sort of each run of marks.</summary>
    static void Order(List<int> points)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && ClassOf(points[end]) != 0) end++;
            if (end - start > 1)
            {
                var run = points[start..end].OrderBy(ClassOf).ToList();
                for (var i = 0; i < run.Count; i++) points[start + i] = run[i];
            }

            start = Math.Max(start, end);
        }
    }

    /// <summary>The Canonical Composition Algorithm (Unicode Standard §3.11).</summary>
    static void Compose(List<int> points)
    {
        var (starter, kept, last) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var mark = ClassOf(point);
            // Blocked when something between has a class of its own height or is a starter.
            var blocked = starter < 0 || (starter < kept - 1 && last >= mark);
            if (!blocked && TryCompose(points[starter], point, out var composite))
            {
                points[starter] = composite;
                continue;
            }

            if (mark == 0) starter = kept;
            last = mark;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    static bool TryCompose(int first, int second, out int composite)
    {
        if (first - LBase is >= 0 and < LCount and var l && second - VBase is >= 0 and < VCount and var v)
        {
            composite = SBase + (((l * VCount) + v) * TCount);
            return true;
        }

        if (first - SBase is >= 0 and < SCount and var s && s % TCount == 0 && second - TBase is > 0 and < TCount and var t)
        {
            composite = first + t;
            return true;
        }

        return Compositions.TryGetValue((first, second), out composite);
    }
}
