using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What the node tells every worker to do, or one worker another.</summary>
public abstract record TurnOrder
{
    TurnOrder()
    {
    }

    /// <summary>Make nonces under a new key from now on; those under the key before it stay good for their lifetime.</summary>
    public sealed record UseNonceKeys(NonceKeys Keys) : TurnOrder;

    /// <summary>Find credentials by this from now on. What lives keeps its key; whose key or secret is in both notices
    /// nothing.</summary>
    public sealed record UseVerifier(ICredentialVerifier Verifier) : TurnOrder;

    /// <summary>End what lives on these subjects. So that nothing begins anew, deny them in the ledger, or take their credentials
    /// away, before.</summary>
    public sealed record Revoke(ImmutableArray<Subject> Subjects) : TurnOrder;

    /// <summary>Close the socket that holds a reserved port: its client came to another worker. Nothing when it is closed
    /// already.</summary>
    public sealed record Yield(RelayId Held) : TurnOrder;

    /// <summary>Let nothing new begin, or let it again. What lives goes on, and is refreshed as ever.</summary>
    public sealed record Drain(bool Begins) : TurnOrder;

    /// <summary>Carry what a client says to the worker that has its allocation, which lodges it here, until then or until it is
    /// released.</summary>
    /// <param name="Path">The client's, as this worker knows it.</param>
    /// <param name="Owner">Who orders it.</param>
    /// <param name="Until">When the allocation expires.</param>
    public sealed record Lodge(ClientPath Path, WorkerId Owner, Instant Until) : TurnOrder;

    /// <summary>Carry nothing more: the five-tuple means nothing to the worker that lodged it.</summary>
    public sealed record Release(FiveTuple Client, WorkerId Owner) : TurnOrder;

    /// <summary>A client that another worker hears is not there any more: its connection is closed, or it could not be
    /// lodged.</summary>
    public sealed record Lose(ClientPath Path) : TurnOrder;

    /// <summary>Memory is short: refuse what is new (508), or take it again. What lives goes on.</summary>
    public sealed record SpareMemory(bool Begins) : TurnOrder;

    /// <summary>End all that lives: the server stops.</summary>
    public sealed record Stop : TurnOrder;

    /// <summary>Decide by these settings from now on, and hold what lives against them. What a server is made with must be the
    /// same: see <see cref="TurnSettings.KeepingFixed"/>.</summary>
    public sealed record Apply(TurnSettings Settings) : TurnOrder;
}
