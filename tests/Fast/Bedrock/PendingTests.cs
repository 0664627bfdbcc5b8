using Portunus.Bedrock;

namespace Portunus.Tests.Fast.Bedrock;

public class PendingTests
{
    static readonly Instant Start = Instant.FromUnixSeconds(1_700_000_000);

    [Fact]
    public void A_full_table_refuses_instead_of_growing()
    {
        var pending = new Pending<string>(capacity: 2);
        Assert.True(pending.TryOpen("a", Start, out var first));
        Assert.True(pending.TryOpen("b", Start, out _));
        Assert.False(pending.TryOpen("c", Start, out _));

        Assert.True(pending.TryClose(first, out var kept));
        Assert.Equal("a", kept);
        Assert.True(pending.TryOpen("c", Start, out _));
    }

    [Fact]
    public void An_answer_that_comes_after_the_deadline_finds_nothing()
    {
        var pending = new Pending<string>(capacity: 2);
        pending.TryOpen("a", Start + TimeSpan.FromSeconds(1), out var id);

        Assert.False(pending.TryExpire(Start, out _, out _));
        Assert.True(pending.TryExpire(Start + TimeSpan.FromSeconds(1), out var expired, out var kept));
        Assert.Equal((id, "a"), (expired, kept));
        Assert.False(pending.TryClose(id, out _));
        Assert.Equal(0, pending.Count);
        Assert.Null(pending.NextDeadline);
    }

    [Fact]
    public void An_id_is_never_used_twice()
    {
        var pending = new Pending<int>(capacity: 1);
        var seen = new HashSet<AskId>();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(pending.TryOpen(i, Start, out var id));
            Assert.True(seen.Add(id));
            Assert.True(pending.TryClose(id, out _));
        }
    }
}
