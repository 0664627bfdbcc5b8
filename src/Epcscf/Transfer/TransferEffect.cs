using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>What a <see cref="CredentialTransfer"/> wants done, in order.</summary>
/// <remarks>A request is answered by <see cref="CredentialTransfer.OnAnswer"/>; silence the machine notices.</remarks>
public abstract record TransferEffect
{
    TransferEffect()
    {
    }

    /// <summary>Make a credential known to a server.</summary>
    /// <param name="Id">Of the request.</param>
    /// <param name="Server">Its name.</param>
    /// <param name="Credential">With its sequence.</param>
    /// <param name="Epoch">The server takes it only if this is its epoch.</param>
    /// <param name="Deadline">After it nobody waits for the answer.</param>
    public sealed record Put(AskId Id, string Server, PushedCredential Credential, ulong Epoch, Instant Deadline)
        : TransferEffect;

    /// <summary>Withdraw a username at a server.</summary>
    public sealed record Delete(AskId Id, string Server, string Realm, string Username, ulong Sequence, Instant Deadline)
        : TransferEffect;

    /// <summary>Have a server deny an opaque id until its credentials have expired (the revocation feed).</summary>
    public sealed record Revoke(AskId Id, string Server, string Realm, string Revoked, long Expires, Instant Deadline)
        : TransferEffect;

    /// <summary>Tell a server the whole of its set.</summary>
    public sealed record Sync(
        AskId Id, string Server, ulong Sequence, ImmutableArray<PushedCredential> Set, ulong Epoch, Instant Deadline)
        : TransferEffect;

    /// <summary>Ask a server for its epoch.</summary>
    public sealed record GetEpoch(AskId Id, string Server, Instant Deadline) : TransferEffect;

    /// <summary>The answer to a push: those of its servers that know the credential now; may be none.</summary>
    public sealed record Acknowledged(AskId Push, ImmutableArray<string> Servers) : TransferEffect;

    /// <summary>Something an operator wants to read later; holds no secret.</summary>
    public sealed record Audit(TransferEvent Event, string Server) : TransferEffect;
}
