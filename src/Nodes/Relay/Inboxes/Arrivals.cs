namespace Portunus.Nodes.Relay;

/// <summary>Connections of clients that other workers hand to one, which has what they are about. Bounded.</summary>
/// <param name="wake">Called by whoever hands one over.</param>
sealed class Arrivals(Action wake) : Brought<ClientStream>(wake)
{
    // As many as may knock at a door of this worker before it looks.
    const int Most = 1024;

    /// <summary>Called by any worker, which must not touch the connection afterwards. False when there are too many, or this worker has
    /// ended: then it stays with the caller.</summary>
    public bool TryAdd(ClientStream stream)
    {
        lock (Gate)
        {
            if (IsClosed || Count >= Most) return false;
            Add(stream);
            return true;
        }
    }
}
