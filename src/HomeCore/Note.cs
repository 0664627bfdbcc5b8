namespace Portunus.HomeCore;

/// <summary>What is kept of a request that was sent.</summary>
sealed class Note
{
    /// <param name="binding">Where a request was forwarded to; null when it follows its own Route.</param>
    public Note(Binding? binding) => Binding = binding;

    /// <param name="watcher">Who is told by a NOTIFY of our own.</param>
    public Note(Watcher watcher) => Watcher = watcher;

    public Binding? Binding { get; }

    public Watcher? Watcher { get; }
}
