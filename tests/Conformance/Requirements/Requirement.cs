namespace Portunus.Tests.Conformance.Requirements;

/// <summary>One sentence of an RFC that asks for something in the words of RFC 2119.</summary>
/// <param name="Rfc">The number of the RFC, like 8656.</param>
/// <param name="Section">The section, like 7.2, or A for an appendix.</param>
/// <param name="Number">Which such sentence of the section it is, from 1.</param>
/// <param name="Words">Its first words.</param>
/// <param name="Levels">The words of RFC 2119 in it, in their order, each once, like "MUST, SHOULD NOT".</param>
/// <param name="Binds">Whom it binds: server, client, both, or other (an agent that is neither, an operator, an author).</param>
/// <param name="Tests">The names of the checks that show it; none where a black box cannot see it.</param>
/// <param name="Why">Why no check shows it; empty where one does.</param>
sealed record Requirement(
    int Rfc, string Section, int Number, string Words, string Levels, string Binds, IReadOnlyList<string> Tests, string Why)
{
    /// <summary>What names the sentence, like "8656 7.2 #4".</summary>
    public string Id => $"{Rfc} {Section} #{Number}";
}
