using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>The clients that one worker hears for others, which have their allocations: each for as long as its allocation lives, as far
/// as this worker was told.</summary>
sealed class Lodgers
{
    readonly Dictionary<FiveTuple, WorkerId> _owners = [];
    readonly Deadlines<FiveTuple> _ends = new();

    public int Count => _owners.Count;

    public Instant? NextDeadline => _ends.Next;

    public bool TryGet(Instant now, in FiveTuple client, out WorkerId owner) =>
        _owners.TryGetValue(client, out owner) && _ends.TryGet(client, out var end) && end > now;

    /// <summary>Takes one in, or lets it stay longer; false when it is another owner's, or there are too many.</summary>
    public bool TryTake(in FiveTuple client, WorkerId owner, Instant until, int most)
    {
        if (_owners.TryGetValue(client, out var present) ? present != owner : _owners.Count >= most) return false;
        _owners[client] = owner;
        _ends.Set(client, until);
        return true;
    }

    /// <summary>Its owner has no use for it any more; nothing when it is another's by now.</summary>
    public void Remove(in FiveTuple client, WorkerId owner)
    {
        if (_owners.TryGetValue(client, out var present) && present == owner) TryRemove(client, out _);
    }

    /// <summary>It is gone; false when it was none.</summary>
    public bool TryRemove(in FiveTuple client, out WorkerId owner)
    {
        _ends.Cancel(client);
        return _owners.Remove(client, out owner);
    }

    /// <summary>Lets those go whose time is over.</summary>
    public void Sweep(Instant now)
    {
        while (_ends.TryPop(now, out var client)) _owners.Remove(client);
    }
}
