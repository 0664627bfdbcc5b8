namespace Portunus.Server.Configuration;

/// <summary>How far a word is from the one that was meant.</summary>
static class Spelling
{
    /// <summary>Letters to add, leave out or change, case aside (Levenshtein).</summary>
    public static int Distance(string a, string b)
    {
        // A name of kilobytes is no slip of a finger, and the work is the product of both.
        if (a.Length > 64) return a.Length;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                var best = Math.Min(diagonal + change, Math.Min(row[j], row[j - 1]) + 1);
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[^1];
    }
}
