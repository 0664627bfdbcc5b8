using Portunus.Tests.Conformance.Requirements;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>The list of sentences and the checks belong together.</summary>
public sealed class RequirementTests
{
    static readonly string[] Whom = ["server", "client", "both", "other"];

    [Fact]
    public void Every_RFC_has_its_sentences_each_once()
    {
        Assert.Equal(RequirementList.Rfcs, RequirementList.All.Select(row => row.Rfc).Distinct());
        Assert.Equal(RequirementList.All.Count, RequirementList.All.Select(row => row.Id).Distinct().Count());
        Assert.InRange(RequirementList.All.Count(row => row.Levels != RequirementList.Prose), 380, 1000);
    }

    [Fact]
    public void The_sentences_of_a_section_are_counted_without_a_gap()
    {
        foreach (var section in RequirementList.All.GroupBy(row => (row.Rfc, row.Section)))
            Assert.Equal(Enumerable.Range(1, section.Count()), section.Select(row => row.Number));
    }

    [Fact]
    public void Every_row_says_whom_it_binds_and_is_shown_by_checks_or_says_why_not()
    {
        foreach (var row in RequirementList.All)
        {
            Assert.Contains(row.Binds, Whom);
            Assert.NotEmpty(row.Words);
            Assert.NotEmpty(row.Levels);
            Assert.True(row.Tests.Count > 0 ^ row.Why.Length > 0, row.Id);
        }
    }

    [Fact]
    public void Every_check_that_a_row_names_is_there()
    {
        var there = Check.All.Select(check => check.Name).ToHashSet();
        foreach (var row in RequirementList.All)
            Assert.True(row.Tests.All(there.Contains), $"{row.Id} names a check that is not there: {string.Join(' ', row.Tests)}");
    }

    [Fact]
    public void Every_check_is_named_by_a_row_of_its_own_section()
    {
        var named = RequirementList.All.SelectMany(row => row.Tests.Select(test => ($"{row.Rfc} {row.Section}", test))).ToHashSet();
        foreach (var check in Check.All)
            Assert.True(named.Contains((check.Section, check.Name)), $"No row of RFC {check.Section} names {check.Name}");
    }

    [Fact]
    public void Only_a_sentence_without_MUST_or_with_an_exception_can_be_declined()
    {
        // "... except if deprecated by rules of a specific STUN usage".
        const string withException = "8489 6.2.3 #1";
        using var server = new OurServer();
        foreach (var declined in server.Target.Declines.Keys)
        {
            var rows = RequirementList.All.Where(row => row.Tests.Contains(declined)).ToArray();
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.True(!row.Levels.Contains("MUST", StringComparison.Ordinal) || row.Id == withException, row.Id));
        }
    }
}
