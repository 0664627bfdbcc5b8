using Portunus.Bedrock;

namespace Portunus.Tests.Fast.Bedrock;

public class InstantTests
{
    [Fact]
    public void Setting_the_wall_clock_back_does_not_move_a_deadline()
    {
        var before = new Instant(monotonicTicks: 100, wallTicks: 5000);
        var after = new Instant(monotonicTicks: 200, wallTicks: 0);
        Assert.True(after > before);
        Assert.Equal(TimeSpan.FromTicks(100), after - before);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10_000_000, 1)]
    [InlineData(19_999_999, 1)]
    public void A_wall_clock_counts_whole_seconds(long ticks, long seconds) => Assert.Equal(seconds, new Instant(0, ticks).UnixSeconds);

    [Fact]
    public void Adding_a_span_moves_both_clocks()
    {
        var later = Instant.FromUnixSeconds(1_700_000_000) + TimeSpan.FromSeconds(90);
        Assert.Equal(1_700_000_090, later.UnixSeconds);
        Assert.Equal(TimeSpan.FromSeconds(90).Ticks, later.MonotonicTicks);
    }
}
