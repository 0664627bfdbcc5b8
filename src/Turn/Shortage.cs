namespace Portunus.Turn;

/// <summary>What a new allocation was refused for lack of, with 508 or 300; what lives goes on.</summary>
public enum Shortage : byte
{
    /// <summary>No relay port is free that would do: all are in use here, or by other programs.</summary>
    Ports,

    /// <summary>A worker has as many relays as it may (<see cref="TurnSettings.MaxAllocations"/>).</summary>
    Relays,

    /// <summary>The server has as many allocations as it may (<see cref="TurnSettings.TotalQuota"/>).</summary>
    Total,

    /// <summary>The node ordered it: <see cref="TurnOrder.SpareMemory"/>.</summary>
    Memory,
}
