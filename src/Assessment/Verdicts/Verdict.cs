namespace Portunus.Assessment.Verdicts;

/// <summary>What figures say of a claim. These words stand nowhere else: whoever writes one needs a rule.</summary>
/// <param name="Word"><c>confirmed</c>, <c>refuted</c>, <c>open</c>, or <c>depends on ...</c>.</param>
/// <param name="Evidence">The figures that decided, each a sentence.</param>
public sealed record Verdict(string Word, IReadOnlyList<string> Evidence)
{
    internal const string ConfirmedWord = "confirmed", RefutedWord = "refuted", OpenWord = "open", DependsWord = "depends on";

    public static Verdict Confirmed(params IReadOnlyList<string> evidence) => new(ConfirmedWord, evidence);

    public static Verdict Refuted(params IReadOnlyList<string> evidence) => new(RefutedWord, evidence);

    /// <param name="on">What decides, to be read after "depends on".</param>
    /// <param name="evidence">The figures for either.</param>
    public static Verdict Depends(string on, params IReadOnlyList<string> evidence) => new($"{DependsWord} {on}", evidence);

    /// <summary>Figures are missing.</summary>
    public static Verdict Open(string missing) => new(OpenWord, [missing]);
}
