using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Waf;

/// <summary>
/// Keeps a TURN server's keys with its WAFs: looks again and again, holds two while they overlap, and keeps what it has, until
/// that ends, when a WAF does not answer.
/// </summary>
public sealed class TurnKeyFetcher : IAsyncDisposable
{
    readonly TurnKeyFetcherSettings _settings;
    readonly Action<ImmutableArray<WafKey>> _onChanged;
    readonly ILogger _log;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _gate = new();
    readonly TurnKeyClient[] _clients;
    readonly ImmutableArray<FetchedKey>[] _fetched;
    ImmutableArray<WafKey> _keys = [];
    Task _loops = Task.CompletedTask;

    TurnKeyFetcher(TurnKeyFetcherSettings settings, Action<ImmutableArray<WafKey>> onChanged, ILoggerFactory logs)
    {
        (_settings, _onChanged, _log) = (settings, onChanged, logs.CreateLogger("Portunus.TurnKeys"));
        _clients = [.. settings.Sources.Select(source => new TurnKeyClient(settings, source))];
        _fetched = [.. settings.Sources.Select(_ => ImmutableArray<FetchedKey>.Empty)];
    }

    /// <summary>The keys that count, in the order of their WAFs.</summary>
    public ImmutableArray<WafKey> Keys
    {
        get { lock (_gate) return _keys; }
    }

    /// <summary>Looks once at every WAF, and then again and again.</summary>
    /// <param name="settings">Whom to ask, as whom.</param>
    /// <param name="onChanged">
    /// Is given all keys when they have changed, one call at a time. It must not dispose the fetcher.
    /// </param>
    /// <param name="logs">Of the whole process.</param>
    /// <returns>When each WAF was asked once, answer or not: a TURN server serves others without it.</returns>
    public static async Task<TurnKeyFetcher> StartAsync(
        TurnKeyFetcherSettings settings, Action<ImmutableArray<WafKey>> onChanged, ILoggerFactory logs)
    {
        TurnKeyFetcher fetcher = new(settings, onChanged, logs);
        var first = await Task.WhenAll(Enumerable.Range(0, fetcher._clients.Length).Select(fetcher.LookAsync));
        fetcher._loops = Task.WhenAll(first.Select((isGood, source) => fetcher.LoopAsync(source, isGood)));
        return fetcher;
    }

    /// <summary>Ends the looking; the keys stay with whoever was given them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }

    async Task LoopAsync(int source, bool isGood)
    {
        var retry = _settings.FirstRetry;
        while (true)
        {
            var pause = isGood || retry > _settings.Interval ? _settings.Interval : retry;
            retry = isGood ? _settings.FirstRetry : retry * 2;
            try
            {
                await Task.Delay(pause, _settings.Time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            isGood = await LookAsync(source);
        }
    }

    async Task<bool> LookAsync(int source)
    {
        var (keys, reason) = await _clients[source].FetchAsync(_stop.Token);
        if (_stop.IsCancellationRequested) return false;
        if (reason is not null) WafNodeLog.KeysNotFetched(_log, _settings.Sources[source].KeysUrl.Host, reason);
        lock (_gate)
        {
            var now = _settings.Time.GetUtcNow().ToUnixTimeSeconds();
            // What a WAF does not name any more but has not ended still opens what is under way.
            var known = keys.Concat(_fetched[source]).DistinctBy(key => key.Key.Kid);
            _fetched[source] = [.. known.Where(key => key.Ends > now).Take(TurnKeyClient.MostKeys)];
            var every = _fetched.SelectMany((some, i) => some.Select(key => new WafKey(key.Key, _settings.Sources[i].KeysUrl)));
            ImmutableArray<WafKey> all = [.. every.DistinctBy(key => key.Key.Kid)];
            if (all.Select(key => key.Key.Kid).SequenceEqual(_keys.Select(key => key.Key.Kid))) return reason is null;
            _keys = all;
            // Within the lock: of two changes the later one is told last.
            _onChanged(all);
        }

        WafNodeLog.KeysChanged(_log, _settings.ServerName, string.Join(' ', Keys.Select(key => key.Key.Kid)));
        return reason is null;
    }
}
