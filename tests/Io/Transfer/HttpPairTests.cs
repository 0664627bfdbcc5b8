using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Io.Transfer;

/// <summary>Two connections to one node: whose answer counts.</summary>
public sealed class HttpPairTests : IDisposable
{
    readonly Authority _operator = new();
    readonly TlsIdentity _identity;
    readonly HttpPair _pair;
    readonly List<HttpClient> _asked = [];

    public HttpPairTests()
    {
        _identity = TlsIdentity.Load(_operator.Client("edge1.example.net"));
        _pair = new(new("https://localhost:1/"), _identity, 1024, TimeSpan.FromMilliseconds(250));
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pair.Dispose();
        _identity.Dispose();
        _operator.Dispose();
    }

    [Fact]
    public async Task What_is_answered_soon_is_asked_once_and_connections_take_turns()
    {
        for (var i = 0; i < 4; i++) Assert.Equal("here", await AskAsync((_, _) => Task.FromResult("here")));
        Assert.Equal(4, _asked.Count);
        Assert.Equal([_asked[0], _asked[1]], _asked[2..]);
        Assert.NotSame(_asked[0], _asked[1]);
    }

    [Fact]
    public async Task What_one_connection_holds_back_is_asked_over_the_other_and_whoever_is_late_is_not_waited_for()
    {
        var isOver = new TaskCompletionSource();
        var answer = await AskAsync(async (number, over) =>
        {
            if (number > 0) return "other";
            await using var told = over.Register(isOver.SetResult);
            await Task.Delay(Timeout.Infinite, over);
            return "never";
        });
        Assert.Equal("other", answer);
        Assert.NotSame(_asked[0], _asked[1]);
        await isOver.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_connection_that_fails_is_no_answer_while_there_is_another()
    {
        Assert.Equal("other", await AskAsync((number, _) => number > 0
            ? Task.FromResult("other")
            : Task.FromException<string>(new HttpRequestException("gone"))));
        await Assert.ThrowsAsync<HttpRequestException>(
            () => AskAsync((_, _) => Task.FromException<string>(new HttpRequestException("gone"))));
        Assert.Equal(4, _asked.Count);
    }

    [Fact]
    public async Task Who_waits_no_longer_ends_both()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asked = _pair.AskAsync(
            async (_, over) =>
            {
                // With the second question.
                if (_asked.Count > 0) await patience.CancelAsync();
                _asked.Add(null!);
                await Task.Delay(Timeout.Infinite, over);
                return "never";
            },
            patience.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    Task<string> AskAsync(Func<int, CancellationToken, Task<string>> answer)
    {
        var number = 0;
        return _pair.AskAsync(
            (http, over) =>
            {
                _asked.Add(http);
                return answer(number++, over);
            },
            Stop);
    }
}
