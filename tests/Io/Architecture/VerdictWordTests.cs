namespace Portunus.Tests.Io.Architecture;

/// <summary>Whoever wants a verdict of the study's claims in the report needs a rule for it.</summary>
public sealed class VerdictWordTests
{
    static readonly string[] Words = ["\"confirmed", "\"refuted", "\"depends on", "$\"depends on"];

    [Fact]
    public void The_words_of_verdicts_stand_where_rules_get_them_and_nowhere_else()
    {
        var files = Repository.Files(Path.Combine("src", "Assessment"), "*.cs")
            .Where(file => Words.Any(word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal)))
            .Select(Path.GetFileName);
        Assert.Equal(["Verdict.cs"], files);
    }
}
