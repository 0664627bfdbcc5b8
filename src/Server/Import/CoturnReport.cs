namespace Portunus.Server.Import;

/// <summary>What came of a line.</summary>
enum Verdict
{
    /// <summary>It stands in the new configuration.</summary>
    Taken,

    /// <summary>It needs no setting: things are so here.</summary>
    Same,

    /// <summary>It was left out.</summary>
    Left,

    /// <summary>It was left out because it opens a door.</summary>
    Unsafe,

    /// <summary>Nobody wrote it, and yet it is otherwise here.</summary>
    Mind,
}

/// <summary>What was taken over and what was not, with the reasons; never a secret.</summary>
/// <param name="path">Of the file, as the operator named it.</param>
sealed class CoturnReport(string path)
{
    readonly List<(Verdict Verdict, int Line, string Sentence)> _entries = [];

    /// <param name="verdict">What came of it.</param>
    /// <param name="line">Where it stands.</param>
    /// <param name="sentence">Why, or under which name.</param>
    public void Add(Verdict verdict, CoturnLine line, string sentence) => _entries.Add((verdict, line.Number, $"{line.Name}: {sentence}"));

    /// <summary>Of no line.</summary>
    public void Mind(string sentence) => _entries.Add((Verdict.Mind, 0, sentence));

    public int Count(Verdict verdict) => _entries.Count(entry => entry.Verdict == verdict);

    /// <summary>Headed groups; within one the order of the file. A line begins as compilers write it.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (verdict, title) in Titles)
        {
            var group = _entries.Where(entry => entry.Verdict == verdict).OrderBy(entry => entry.Line).ToArray();
            if (group.Length == 0) continue;
            yield return $"{title}:";
            foreach (var (_, line, sentence) in group) yield return line == 0 ? $"  {sentence}" : $"  {path}:{line}: {sentence}";
        }
    }

    static readonly (Verdict, string)[] Titles =
    [
        (Verdict.Taken, "taken over"), (Verdict.Same, "so without a setting"), (Verdict.Left, "not taken over"),
        (Verdict.Unsafe, "unsafe, and not taken over"), (Verdict.Mind, "otherwise here"),
    ];
}
