namespace Portunus.Assessment.Links;

/// <summary>The running counts of one link; for many threads.</summary>
sealed class LinkCounter
{
    readonly Lock _gate = new();
    LinkCounts _counts = new();

    public LinkCounts Counts
    {
        get
        {
            lock (_gate) return _counts;
        }
    }

    /// <param name="change">Short: it runs while the others wait.</param>
    public void Change(Func<LinkCounts, LinkCounts> change)
    {
        lock (_gate) _counts = change(_counts);
    }
}
