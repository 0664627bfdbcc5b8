using Portunus.Assessment.Complexity;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>The table that <c>portunus assess</c> has of its own sources.</summary>
public sealed class CodeSizeTests
{
    const string Write = "WRITE_CODE_SIZE";

    [Fact]
    public void The_table_of_code_and_failures_is_what_the_sources_and_the_documentation_give()
    {
        var fresh = CodeSize.Write(SourceCount.Fresh());
        if (Environment.GetEnvironmentVariable(Write) is not null) File.WriteAllText(SourceCount.Table, fresh);
        Assert.True(
            File.ReadAllText(SourceCount.Table) == fresh,
            $"The sources have changed; run this test once with {Write}=1, and look at what became of code-size.json: "
            + $"{Write}=1 tests/Io/bin/Release/net10.0/Portunus.Tests.Io -class {typeof(CodeSizeTests).FullName}");
    }

    [Fact]
    public void Empty_lines_and_comments_are_no_code() =>
        Assert.Equal(2, SourceCount.CodeLines(["namespace A;", "", "    // why", "/// <summary>what</summary>", "class B;"]));

    [Fact]
    public void Rows_of_pull_are_its_own_worlds_and_what_is_not_about_pushes()
    {
        string[] page =
        [
            "| case | answer |", "|---|---|", "| an edge tells it | served |", "",
            "| what goes wrong (`TROUBLE=`) | what comes of it |", "|---|---|", "| a push is lost (`PushesLost`) | later |",
            "| a server begins anew (`TurnRestarts`) | told again |", "| all of it (`Everything`) | all of it |", "",
            "| what goes wrong (`TROUBLE=`) | what comes of it |", "|---|---|", "| nothing (`Calm`) | nothing |",
            "| a server begins anew (`TurnRestarts`) | asks again |", "| an answer is late (`AnswersLate`) | 401 |",
        ];
        var tables = FailureTable.ReadAll(page);
        Assert.Equal(
            ["a server begins anew (`TurnRestarts`)", "an answer is late (`AnswersLate`)"], FailureTable.Of(Way.A2Pull, tables));
        Assert.Equal(
            ["a push is lost (`PushesLost`)", "a server begins anew (`TurnRestarts`)"], FailureTable.Of(Way.A2Push, tables));
    }
}
