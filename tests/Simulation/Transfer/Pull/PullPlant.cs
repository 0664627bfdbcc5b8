namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>A defect put in on purpose, to see that a law catches it.</summary>
enum PullPlant
{
    None,

    /// <summary>A server asks for each Allocate, whether it knows the name or not.</summary>
    AsksAlways,

    /// <summary>A server takes what an edge tells for the newest that was said.</summary>
    NumbersAnew,

    /// <summary>A server does not look in which epoch it has asked.</summary>
    IgnoresEpoch,

    /// <summary>A server takes the epoch of its start for the one in which it asks.</summary>
    KeepsFirstEpoch,

    /// <summary>A server does not remember that every edge disclaimed a name.</summary>
    ForgetsUnknown,

    /// <summary>A server takes each client for another source.</summary>
    HidesSources,
}
