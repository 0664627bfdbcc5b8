using System.Collections.Immutable;
using Portunus.Store.Access;

namespace Portunus.Waf.Keys;

/// <summary>
/// The keys for one purpose, which rotate by themselves: whoever asks first after a key is due makes its successor. Nodes that
/// share a data base share the keys; of two that rotate at once one wins. For many threads.
/// </summary>
sealed class RotatingKeys(
    AccessStore store, TimeProvider time, string purpose, RotationTimes times, Func<(string Id, byte[] Value)> make)
{
    // What another node made is seen after a minute at most, so a key is shown ahead for longer.
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim _gate = new(1);
    volatile Snapshot? _snapshot;

    sealed record Snapshot(ImmutableArray<KeyRecord> Keys, long NextLook);

    /// <summary>The keys that count now, the oldest first; two at least around a rotation.</summary>
    /// <exception cref="Store.StoreException">The data base cannot be used.</exception>
    public async ValueTask<ImmutableArray<KeyRecord>> GetAsync(CancellationToken stop = default)
    {
        if (_snapshot is { } known && Now < known.NextLook) return known.Keys;
        await _gate.WaitAsync(stop);
        try
        {
            if (_snapshot is { } renewed && Now < renewed.NextLook) return renewed.Keys;
            var keys = await LookAsync(stop);
            _snapshot = new(keys, NextLook(keys));
            return keys;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The keys as they were last read, without asking anybody.</summary>
    public ImmutableArray<KeyRecord> Last => _snapshot?.Keys ?? [];

    /// <summary>Of some keys the one that makes what is new.</summary>
    public static KeyRecord InUse(ImmutableArray<KeyRecord> keys, long now) =>
        keys.LastOrDefault(key => key.UsedFrom <= now) ?? keys[0];

    long Now => time.GetUtcNow().ToUnixTimeSeconds();

    async Task<ImmutableArray<KeyRecord>> LookAsync(CancellationToken stop)
    {
        while (true)
        {
            var now = Now;
            ImmutableArray<KeyRecord> keys = [.. await store.FindKeysAsync(purpose, now, stop)];
            var newest = keys.LastOrDefault();
            if (newest is not null && now < newest.UsedUntil - Seconds(times.Ahead)) return keys;
            // One that nobody asked for in time has a gap to its successor; that one begins at once.
            var from = newest is null ? now : Math.Max(newest.UsedUntil, now);
            var until = from + Seconds(times.Used);
            var (id, value) = make();
            var generation = newest is null ? await store.NewestGenerationAsync(purpose, stop) : newest.Generation;
            KeyRecord next = new(id, purpose, generation + 1, value, from, until, until + Seconds(times.After));
            // False: another node was first, and what it made is read in the next turn.
            await store.TryAddKeyAsync(next, now, stop);
        }
    }

    long NextLook(ImmutableArray<KeyRecord> keys)
    {
        var next = Now + Seconds(Look);
        foreach (var key in keys)
        {
            foreach (var moment in (ReadOnlySpan<long>)[key.UsedFrom, key.UsedUntil - Seconds(times.Ahead), key.KeptUntil])
                if (moment > Now) next = Math.Min(next, moment);
        }

        return next;
    }

    static long Seconds(TimeSpan span) => (long)span.TotalSeconds;
}
