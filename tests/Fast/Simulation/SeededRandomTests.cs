using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Simulation;

public sealed class SeededRandomTests
{
    [Fact]
    public void A_share_comes_true_about_as_often_as_it_says()
    {
        var random = new SeededRandom(1);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(_ => random.Chance(0.1)), 9_500, 10_500);
        Assert.True(random.Chance(1));
        Assert.False(random.Chance(0));
    }

    [Fact]
    public void A_span_of_time_is_never_left()
    {
        var random = new SeededRandom(2);
        var spans = Enumerable.Range(0, 10_000).Select(_ => random.Within(new TimeSpan(9))).ToList();
        Assert.Equal(TimeSpan.Zero, spans.Min());
        Assert.Equal(new TimeSpan(9), spans.Max());
        Assert.Equal(TimeSpan.Zero, random.Within(TimeSpan.Zero));
    }

    [Fact]
    public void A_fork_draws_without_moving_its_origin()
    {
        var (one, two) = (new SeededRandom(3), new SeededRandom(3));
        var fork = one.Fork();
        two.Fork();
        for (var i = 0; i < 100; i++) fork.Next();
        Assert.Equal(two.Next(), one.Next());
    }

    [Fact]
    public void Filling_any_length_leaves_nothing_over()
    {
        var bytes = new byte[64];
        new SeededRandom(4).Fill(bytes.AsSpan(0, 13));
        Assert.All(bytes[13..], b => Assert.Equal(0, b));
        Assert.Contains(bytes[8..13], b => b != 0);
        Assert.InRange(Enumerable.Range(0, 1_000).Select(i => new SeededRandom((ulong)i).Next(10)).Distinct().Count(), 10, 10);
    }
}
