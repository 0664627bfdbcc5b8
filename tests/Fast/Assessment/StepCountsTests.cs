using Portunus.Assessment.Cells;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>What is taken for the cost of a step, of several clients that were counted.</summary>
public sealed class StepCountsTests
{
    [Fact]
    public void Of_several_clients_the_least_counts_and_what_not_all_did_is_left_out()
    {
        var poll = MeasuredCell.Step("login", LinkName.Credentials, connections: 0, questions: 1);
        var login = MeasuredCell.Step("login", LinkName.Waf, connections: 0, questions: 3);
        var busier = login with { RoundTrips = 4, BytesUp = login.BytesUp + 1 };
        Assert.Equal([login], StepCounts.Least([[busier, poll], [login], [login, poll]]));
    }

    [Fact]
    public void Without_clients_there_are_no_steps() => Assert.Empty(StepCounts.Least([]));
}
