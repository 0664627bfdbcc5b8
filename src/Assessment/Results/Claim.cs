namespace Portunus.Assessment.Results;

/// <summary>A claim of the study, and what the figures say of it.</summary>
/// <param name="Id">P1 to P14.</param>
/// <param name="Text">As docs/study.md has it.</param>
/// <param name="Verdict"><c>confirmed</c>, <c>refuted</c>, <c>depends on ...</c>, or <c>open</c> where figures are missing.</param>
/// <param name="Evidence">The figures by which the rule decided, each a sentence.</param>
/// <param name="Rule">What would have to be measured for another verdict.</param>
public sealed record Claim(string Id, string Text, string Verdict, IReadOnlyList<string> Evidence, string Rule);
