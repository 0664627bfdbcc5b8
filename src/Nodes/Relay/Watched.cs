namespace Portunus.Nodes.Relay;

/// <summary>Something that a worker waits at.</summary>
abstract class Watched
{
    /// <summary>Its number in the process, where its data path knows it; else -1.</summary>
    public abstract int Descriptor { get; }

    /// <summary>Whether its turn is to come.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether there is room to send again; told only where that was asked for.</summary>
    public bool HasRoom { get; set; }

    /// <summary>Where it stands in what its data path waits for; -1 outside.</summary>
    public int Place { get; set; } = -1;

    public abstract bool IsClosed { get; }
}
