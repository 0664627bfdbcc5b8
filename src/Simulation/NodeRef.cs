using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>A node's place in the world: its name, its clock, whether it runs.</summary>
public sealed class NodeRef
{
    internal NodeRef(int index, string name, INode node, TimeSpan wallSkew) =>
        (Index, Name, Node, WallSkew) = (index, name, node, wallSkew);

    public string Name { get; }

    /// <summary>How far the node's wall clock is ahead of the world's; negative when it is behind.</summary>
    public TimeSpan WallSkew { get; internal set; }

    /// <summary>False while stopped: nothing reaches it and its deadlines wait.</summary>
    public bool Running { get; internal set; } = true;

    internal int Index { get; }

    internal INode Node { get; }

    internal Instant Clock(Instant now) => new(now.MonotonicTicks, now.WallTicks + WallSkew.Ticks);

    public override string ToString() => Name;
}
