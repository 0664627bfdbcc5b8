using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>Credentials that edges make known while the server runs: a table that several threads ask and others
/// change.</summary>
public interface IPushedCredentials
{
    /// <summary>The credential of a name; false for an unknown one, and for one whose time is over.</summary>
    bool TryFind(Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out FoundCredential found);

    /// <summary>The name behind a USERHASH (RFC 8489 §14.4); null when there is none.</summary>
    Bytes? NameOf(ReadOnlySpan<byte> userHash);
}
