using System.Text;
using Portunus.Tests.Conformance.Requirements;
using Portunus.Tests.Conformance.Running;

namespace Portunus.Tests.Conformance.Suite;

/// <summary>docs/conformance.md: each sentence with what came of it at each target.</summary>
static class ConformancePage
{
    /// <summary>Between what is compared and what differs from run to run.</summary>
    public const string Aside = " — ";

    public static string Write(params IReadOnlyList<Results> targets)
    {
        var page = new StringBuilder(Introduction).Append('\n');
        Sum(page, targets);
        foreach (var rfc in RequirementList.Rfcs) Table(page, rfc, targets);
        foreach (var target in targets) Findings(page, target);
        return page.ToString();
    }

    const string Introduction =
        """
        # Conformance

        What the RFCs of TURN ask for, sentence by sentence, and what a client sees of it from outside. This page is written by
        `tests/Conformance`, which runs every check against this repository's server and against Debian's coturn, over each transport that
        the target has; a test fails when the page is not what it saw. To write it anew:

        ```
        WRITE_CONFORMANCE=1 tests/Conformance/bin/Release/net10.0/Portunus.Tests.Conformance -class '*.PageTests'
        ```

        The suite runs alone, too, against any TURN server; `--help` explains its flags, `--list` names the checks:

        ```
        cd tests/Conformance/bin/Release/net10.0
        ./Portunus.Tests.Conformance --target udp:192.0.2.1:3478 --user alice:wonderland --realm example.org
        ```

        A row is a sentence with MUST, MUST NOT, SHOULD, SHOULD NOT, REQUIRED or RECOMMENDED, or (level "prose") a rule that its RFC writes
        without these words. It names its checks, methods in `tests/Conformance/Checks`, or says why nobody sees it from outside. Verdicts:
        *pass*; **fail**; *declined*: the sentence is a SHOULD or has an exception, and the operator says why not; *not offered*: the target
        does not have it, or not over this transport; *slow*: it takes more than ten seconds, and runs only with `--slow` and
        `./test --long`.
        """;

    /// <summary>How many rows came to which end.</summary>
    static void Sum(StringBuilder page, IReadOnlyList<Results> targets)
    {
        page.Append("\n| rows | ").AppendJoin(" | ", targets.Select(target => target.Target)).Append(" |\n|---|")
            .Append(string.Concat(targets.Select(_ => "---|"))).Append('\n');
        foreach (var word in new[] { "pass", "**fail**", "declined", "not offered", "slow", "" })
            page.Append($"| {(word == "" ? "not seen from outside" : word)} | ").AppendJoin(" | ", targets.Select(target =>
                RequirementList.All.Count(row => Word(row, target).Split(" (")[0] == word))).Append(" |\n");
        page.Append("\nOver ").AppendJoin("; ", targets.Select(target => $"{target.Target}: {Transports(target.Verdicts)}")).Append(".\n");
    }

    static void Table(StringBuilder page, int rfc, IReadOnlyList<Results> targets)
    {
        page.Append($"\n## RFC {rfc}\n\n| § | level | binds | sentence | shown by | ")
            .AppendJoin(" | ", targets.Select(target => target.Target)).Append(" |\n|---|---|---|---|---|")
            .Append(string.Concat(targets.Select(_ => "---|"))).Append('\n');
        foreach (var row in RequirementList.All.Where(row => row.Rfc == rfc))
            page.Append($"| {row.Section} #{row.Number} | {row.Levels} | {row.Binds} | {row.Words} | ")
                .Append(row.Tests.Count == 0 ? row.Why : string.Join("<br>", row.Tests.Select(test => $"`{test}`"))).Append(" | ")
                .AppendJoin(" | ", targets.Select(target => Word(row, target))).Append(" |\n");
    }

    static void Findings(StringBuilder page, Results target)
    {
        var found = target.Verdicts.Where(verdict => verdict.Outcome is Outcome.Failed or Outcome.Declined)
            .GroupBy(verdict => (verdict.Check, verdict.Outcome)).ToArray();
        page.Append($"\n## What {target.Target} does instead\n\n").Append(found.Length == 0 ? "No check failed.\n" : "");
        foreach (var check in found)
            page.Append(check.Key.Outcome == Outcome.Declined ? "- Declined: " : "- ")
                .Append($"RFC {check.Key.Check.Section}, `{check.Key.Check}`, over {Transports(check)}{Aside}{check.First().Why}\n");
    }

    /// <summary>A row fails where one of its checks does, by whatever transport.</summary>
    static string Word(Requirement row, Results target)
    {
        var verdicts = target.Verdicts.Where(verdict => row.Tests.Contains(verdict.Check.Name)).ToArray();
        if (verdicts.Length == 0) return "";
        var failed = verdicts.Where(verdict => verdict.Outcome == Outcome.Failed).ToArray();
        if (failed.Length > 0)
            return Transports(failed) == Transports(target.Verdicts) ? "**fail**" : $"**fail** ({Transports(failed)})";
        foreach (var (outcome, word) in new[] { (Outcome.Declined, "declined"), (Outcome.Passed, "pass"), (Outcome.Slow, "slow") })
            if (verdicts.Any(verdict => verdict.Outcome == outcome)) return word;
        return "not offered";
    }

    static string Transports(IEnumerable<Verdict> verdicts) =>
        string.Join(", ", verdicts.Select(verdict => verdict.Transport).Distinct().Order()).ToLowerInvariant();
}
