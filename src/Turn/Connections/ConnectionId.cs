using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// CONNECTION-ID (RFC 6062 §6.2.1): names one connection with a peer. A client brings it by another connection, which may have come to
/// another worker: so it names the worker that has the allocation.
/// </summary>
/// <param name="Value">The worker in the top 8 bits, chance in the others.</param>
public readonly record struct ConnectionId(uint Value)
{
    const int NumberBits = 24;

    public WorkerId Worker => new((byte)(Value >> NumberBits));

    public override string ToString() => Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One by chance: hard to guess for who has the same credential, and not the one that was closed a moment ago.</summary>
    internal static ConnectionId Draw(WorkerId worker, IRandom random) =>
        new(((uint)worker.Value << NumberBits) | (uint)random.Next(1 << NumberBits));
}
