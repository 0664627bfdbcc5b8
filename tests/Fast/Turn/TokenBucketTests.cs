using CsCheck;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A rate with a burst.</summary>
public class TokenBucketTests
{
    [Fact]
    public void A_new_one_is_full_an_empty_one_fills_with_time_and_none_overflows()
    {
        var rate = new BucketRate(10, 30);
        var bucket = new TokenBucket();
        var now = Instant.FromUnixSeconds(1_800_000_000);
        Assert.True(bucket.TryTake(now, rate, 30));
        Assert.False(bucket.TryTake(now, rate, 1));
        Assert.False(bucket.TryTake(now + TimeSpan.FromMilliseconds(99), rate, 1));
        Assert.True(bucket.TryTake(now + TimeSpan.FromMilliseconds(100), rate, 1));
        Assert.Equal(30, bucket.Level(now + TimeSpan.FromDays(36_500), rate));
        Assert.False(bucket.TryTake(now + TimeSpan.FromDays(36_500), rate, 30, leave: 1));
        bucket.Give(100);
        Assert.Equal(30, bucket.Level(now + TimeSpan.FromDays(36_500), rate));
    }

    [Fact]
    public void Any_sequence_of_takes_is_within_rate_and_burst_and_who_always_asks_gets_the_whole_rate() =>
        Gen.Select(Gen.Int[1, 2_000_000_000], Gen.Int[1, 1_000_000], Gen.Int[1, 3000], Gen.Int[1, 300])
            .Sample((perSecond, burst, micros, count) =>
            {
                var rate = new BucketRate(perSecond, burst);
                var bucket = new TokenBucket();
                var start = Instant.FromUnixSeconds(1_800_000_000);
                var (now, taken) = (start, 0L);
                for (var i = 0; i < 1000; i++)
                {
                    if (bucket.TryTake(now, rate, Math.Min(count, burst))) taken += Math.Min(count, burst);
                    now += TimeSpan.FromMicroseconds(micros);
                }

                var most = burst + (long)((now - start).TotalSeconds * perSecond);
                Assert.InRange(taken, 0, most);
                // A rounding for each look, and what does not fit a whole take, are the most that is lost.
                var asked = 1000L * Math.Min(count, burst);
                if (asked <= most / 2) Assert.Equal(asked, taken);
            });
}
