using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>Knows the credentials of a realm and finds the keys that a username may be proved with.</summary>
/// <remarks>Asked only for requests whose nonce is ours, fresh and bound to their source. One is shared by all workers; another
/// takes its place by <see cref="TurnOrder.UseVerifier"/>, so that keys and secrets change while the server runs.</remarks>
public interface ICredentialVerifier
{
    /// <summary>Whether every credential of the realm can be found by USERHASH: then clients are told to send nothing else
    /// (RFC 8489 §9.2.5, the "Username anonymity" bit).</summary>
    bool FindsByHash { get; }

    /// <summary>What access tokens are opened with; null where none are taken.</summary>
    TokenKeys? Tokens => null;

    /// <summary>Whether a name that is not known here may be known to an edge, which is to be asked then (Approach 2,
    /// pull).</summary>
    bool AsksEdges => false;

    /// <summary>The other realms of the server, each with a verifier of its own; this one is that of the first.</summary>
    ImmutableArray<FurtherRealm> Further => [];

    /// <summary>The username behind a USERHASH; null when there is none.</summary>
    Bytes? NameOf(ReadOnlySpan<byte> userHash);

    /// <summary>What to try at the given attempt, which counts from 0; false when there is nothing (any more).</summary>
    /// <remarks>A key is made when it is asked for, so a right guess at the first attempt costs no second.</remarks>
    bool TryFind(
        Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found);
}
