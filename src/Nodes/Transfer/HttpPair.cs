using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// Two connections to one node, used in turn. What is not answered soon is asked over the other one as well, and the first answer counts: a
/// segment that is lost holds back all that its connection carries by a retransmission timeout, a second at least (RFC 6298 §2.4), and
/// who waits for a credential has half of that.
/// </summary>
/// <remarks>Only for what may be said twice.</remarks>
sealed class HttpPair : IDisposable
{
    readonly HttpClient[] _clients;
    readonly TimeSpan _soon;
    uint _turn;

    /// <param name="address">Of the node; its certificate names the host.</param>
    /// <param name="identity">Stays with the caller.</param>
    /// <param name="largest">Bytes of an answer.</param>
    /// <param name="soon">Before the other connection is tried: above a round trip, and short enough for a second one.</param>
    public HttpPair(Uri address, TlsIdentity identity, int largest, TimeSpan soon) => (_soon, _clients) =
        (soon, [OperatorHttp.Client(address, identity, largest), OperatorHttp.Client(address, identity, largest)]);

    /// <summary>Asks once, over the connection whose turn it is.</summary>
    public Task<T> AskOnceAsync<T>(Func<HttpClient, CancellationToken, Task<T>> ask, CancellationToken stop) => ask(_clients[Turn()], stop);

    /// <summary>Asks over one connection, and over the other too when no answer comes soon or the first one fails.</summary>
    /// <param name="ask">One question and its answer; throws when there is none.</param>
    /// <param name="stop">Nobody waits any more.</param>
    /// <exception cref="HttpRequestException">And what else <paramref name="ask"/> throws: by neither there was an answer.</exception>
    public async Task<T> AskAsync<T>(Func<HttpClient, CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var turn = Turn();
        var first = ask(_clients[turn], over.Token);
        if (await Task.WhenAny(first, Task.Delay(_soon, over.Token)) == first && first.IsCompletedSuccessfully) return await first;
        stop.ThrowIfCancellationRequested();
        var second = ask(_clients[1 - turn], over.Token);
        var sooner = await Task.WhenAny(first, second);
        if (!sooner.IsCompletedSuccessfully) sooner = sooner == first ? second : first;
        try
        {
            return await sooner;
        }
        finally
        {
            await over.CancelAsync();
            _ = Task.WhenAll(first, second).ContinueWith(
                done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    int Turn() => (int)(Interlocked.Increment(ref _turn) & 1);
}
