using Portunus.Assessment.Scale;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(3600, 3000)]
    [InlineData(600, 300)]
    public void A_TURN_server_of_Approach_2_is_told_of_each_refresh_and_of_the_others_nothing(int lifetime, int interval)
    {
        const int Users = 60;
        foreach (var way in ScaleWay.All)
            Assert.Equal(way.IsTold ? (double)Users / interval : 0, ScaleUpdates.Of(way, Users, lifetime).PerSecond, 1e-9);
    }

    [Fact]
    public void Only_with_pull_does_an_Allocate_ask_and_only_the_first_of_a_user()
    {
        foreach (var work in ScaleWork.Of(ScaleWay.All, 5, rounds: 1, TestContext.Current.CancellationToken))
        {
            Assert.Equal(work.Way.Way == Way.A2Pull ? 1 : 0, work.AsksOfFirst);
            Assert.Equal(0, work.AsksOfLater);
            Assert.True(work.Microseconds > 0);
        }
    }

    [Fact]
    public void A_line_of_least_squares_goes_through_points_that_lie_on_one()
    {
        var line = LineFit.Of([(1, 5), (2, 7), (10, 23)]);
        Assert.Equal((2, 3, 1), (line.Slope, line.Intercept, line.RSquared));
        Assert.Equal((0, 4, 1), LineFit.Of([(1, 4), (2, 4)]) is var flat ? (flat.Slope, flat.Intercept, flat.RSquared) : default);
        Assert.InRange(LineFit.Of([(1, 1), (2, 3), (3, 1)]).RSquared, -1e-9, 0.1);
        Assert.Throws<ArgumentException>(() => LineFit.Of([(1, 4), (1, 5)]));
    }
}
