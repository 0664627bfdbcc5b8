using System.Collections.Immutable;

namespace Portunus.Turn;

/// <summary>A realm of a server beside its first.</summary>
/// <param name="Name">OpaqueString applied.</param>
/// <param name="Origins">Of the pages whose clients are challenged with it, as browsers send them (RFC 6454 §6.2).</param>
/// <param name="Verifier">Knows its credentials; its subjects are of this realm.</param>
public sealed record FurtherRealm(string Name, ImmutableArray<string> Origins, ICredentialVerifier Verifier)
{
    /// <summary>Allocations of all its subjects at a time; beyond it 486.</summary>
    public int TotalQuota { get; init; } = int.MaxValue;
}
