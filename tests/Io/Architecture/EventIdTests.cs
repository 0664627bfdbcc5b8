using System.Globalization;
using System.Text.RegularExpressions;

namespace Portunus.Tests.Io.Architecture;

/// <summary>Operators filter by event id: each means one thing, and the header of a log class says which are its own.</summary>
public sealed partial class EventIdTests
{
    static readonly (string File, int[] Ids, int First, int Last)[] Logs = [.. Repository.Files("src", "*.cs")
        .Select(file => (File: Repository.Relative(file), Text: File.ReadAllText(file)))
        .Where(one => Message().IsMatch(one.Text))
        .Select(one => (one.File, IdsOf(one.Text), Bound(one.Text, "first"), Bound(one.Text, "last")))];

    [Fact]
    public void No_event_id_is_used_twice()
    {
        Assert.NotEmpty(Logs);
        Assert.Empty(Logs.SelectMany(log => log.Ids).GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void A_log_stays_within_the_ids_that_its_header_names()
    {
        foreach (var (file, ids, first, last) in Logs)
            Assert.All(ids, id => Assert.True(id >= first && id <= last, $"{file}: {id} is not of {first} to {last}."));
    }

    [Fact]
    public void The_ids_that_two_logs_name_as_theirs_do_not_overlap()
    {
        var inOrder = Logs.OrderBy(log => log.First).ToArray();
        foreach (var (before, after) in inOrder.Zip(inOrder.Skip(1)))
            Assert.True(before.Last < after.First, $"{before.File} and {after.File} name the same ids.");
    }

    static int[] IdsOf(string text) => [.. Message().Matches(text).Select(match => Number(match.Groups["id"]))];

    static int Bound(string text, string which)
    {
        var range = Range().Match(text);
        return range.Success ? Number(range.Groups[which]) : -1;
    }

    static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"LoggerMessage\((EventId = )?(?<id>\d+)")]
    private static partial Regex Message();

    [GeneratedRegex(@"event ids (?<first>\d+) to (?<last>\d+)")]
    private static partial Regex Range();
}
