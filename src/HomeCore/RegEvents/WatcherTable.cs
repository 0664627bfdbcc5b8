using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.HomeCore;

/// <summary>Who watches, by dialog, and who has news to be told.</summary>
/// <param name="capacity">Watchers in all.</param>
/// <param name="perLocation">Of one registration set.</param>
sealed class WatcherTable(int capacity, int perLocation)
{
    readonly Dictionary<WatcherKey, Watcher> _byDialog = [];
    readonly Deadlines<WatcherKey> _ends = new();
    readonly Queue<Watcher> _told = new();

    public Instant? NextDeadline => _ends.Next;

    public Watcher? Of(in WatcherKey key) => _byDialog.GetValueOrDefault(key);

    public bool TryAdd(Watcher watcher)
    {
        if (_byDialog.Count >= capacity || watcher.Location.Watchers.Count >= perLocation) return false;
        if (!_byDialog.TryAdd(watcher.Key, watcher)) return false;
        watcher.Location.Watchers.Add(watcher);
        return true;
    }

    public void Extend(Watcher watcher, Instant expires)
    {
        watcher.Expires = expires;
        _ends.Set(watcher.Key, expires);
        Wake(watcher);
    }

    public void Remove(Watcher watcher)
    {
        _byDialog.Remove(watcher.Key);
        _ends.Cancel(watcher.Key);
        watcher.Location.Watchers.Remove(watcher);
    }

    /// <summary>A subscription that was not refreshed.</summary>
    public bool TryPopExpired(Instant now, [NotNullWhen(true)] out Watcher? watcher)
    {
        watcher = null;
        return _ends.TryPop(now, out var key) && _byDialog.TryGetValue(key, out watcher);
    }

    /// <summary>There may be something to tell it when the input at hand is done.</summary>
    public void Wake(Watcher watcher) => _told.Enqueue(watcher);

    /// <summary>The next that has news and is not at hearing the last.</summary>
    public bool TryTakeWithNews([NotNullWhen(true)] out Watcher? watcher)
    {
        while (_told.TryDequeue(out watcher))
            if (watcher is { IsBusy: false, HasNews: true } && Of(watcher.Key) == watcher) return true;
        return false;
    }
}
