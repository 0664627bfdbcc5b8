using System.Collections.Immutable;

namespace Portunus.Assessment.Management;

/// <summary>A node that somebody configures.</summary>
/// <param name="name">As it is called in the fleet.</param>
abstract class Site(string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>What it is configured with at this moment; empty when it has nothing to do with TURN credentials.</summary>
    public ImmutableHashSet<SiteItem> Items { get; protected set; } = [];

    public abstract ValueTask DisposeAsync();
}

/// <summary>The part of a node's configuration that is about TURN credentials.</summary>
interface ISiteConfig
{
    IEnumerable<SiteItem> Items { get; }
}
