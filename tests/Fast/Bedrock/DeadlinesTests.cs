using CsCheck;
using Portunus.Bedrock;

namespace Portunus.Tests.Fast.Bedrock;

public class DeadlinesTests
{
    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);

    static Instant At(int seconds) => Start + TimeSpan.FromSeconds(seconds);

    [Fact]
    public void Keys_come_out_when_they_are_due_and_not_before()
    {
        var deadlines = new Deadlines<string>();
        deadlines.Set("later", At(20));
        deadlines.Set("sooner", At(10));

        Assert.Equal(At(10), deadlines.Next);
        Assert.False(deadlines.TryPop(At(9), out _));
        Assert.True(deadlines.TryPop(At(10), out var key));
        Assert.Equal("sooner", key);
        Assert.False(deadlines.TryPop(At(10), out _));
        Assert.Equal(At(20), deadlines.Next);
    }

    [Fact]
    public void Equal_deadlines_come_out_in_the_order_they_were_set()
    {
        var deadlines = new Deadlines<int>();
        for (var key = 0; key < 100; key++) deadlines.Set(key, At(5));
        for (var key = 0; key < 100; key++)
        {
            Assert.True(deadlines.TryPop(At(5), out var popped));
            Assert.Equal(key, popped);
        }
    }

    [Fact]
    public void Any_sequence_of_settings_and_cancellations_behaves_like_a_sorted_list()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 50]).Array[0, 60].Sample(steps =>
        {
            var deadlines = new Deadlines<int>();
            var model = new Dictionary<int, (int At, int Order)>();
            var order = 0;
            foreach (var (key, verb, seconds) in steps)
            {
                switch (verb)
                {
                    case 0 or 1:
                        deadlines.Set(key, At(seconds));
                        model[key] = (seconds, order++);
                        break;
                    case 2:
                        Assert.Equal(model.Remove(key), deadlines.Cancel(key));
                        break;
                    default:
                        var due = model.Where(entry => entry.Value.At <= seconds).OrderBy(entry => entry.Value).ToArray();
                        Assert.Equal(due.Length > 0, deadlines.TryPop(At(seconds), out var popped));
                        if (due.Length == 0) break;
                        Assert.Equal(due[0].Key, popped);
                        model.Remove(popped);
                        break;
                }

                Assert.Equal(model.Count, deadlines.Count);
                Assert.Equal(model.Count == 0 ? null : At(model.Values.Min().At), deadlines.Next);
            }
        });
    }
}
