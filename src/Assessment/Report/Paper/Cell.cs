namespace Portunus.Assessment.Report.Paper;

/// <summary>How something is to be taken. It is never told by colour alone: each has its mark.</summary>
enum Tone
{
    Plain,
    Good,
    Bad,
    Depends,
    Missing,
}

/// <summary>A cell of a table: lines of text, and how they are to be taken.</summary>
sealed record Cell(IReadOnlyList<string> Lines, Tone Tone = Tone.Plain)
{
    public Cell(string text, Tone tone = Tone.Plain)
        : this([text], tone)
    {
    }

    public string Mark => MarkOf(Tone);

    public static implicit operator Cell(string text) => new(text);

    public static string MarkOf(Tone tone) => tone switch
    {
        Tone.Good => "✓",
        Tone.Bad => "✗",
        Tone.Depends => "◐",
        Tone.Missing => "?",
        _ => "",
    };

    /// <summary>A number, or that there is none.</summary>
    public static Cell Of(double? value, string unit = "") => value is { } known
        ? new(Words.Number(known, unit))
        : new(Words.NotMeasured, Tone.Missing);
}
