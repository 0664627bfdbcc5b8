using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

public sealed partial class PushedCredentials
{
    /// <summary>What may be proved under a username at this moment.</summary>
    public bool TryFind(Instant now, ReadOnlySpan<byte> username, [NotNullWhen(true)] out PushedCredential? credential)
    {
        lock (_gate)
        {
            credential = _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(username, out var entry)
                ? entry.Credential
                : null;
        }

        // It counts up to the second that it names; the sweep may come a little later.
        if (credential?.Expires <= now.UnixSeconds) credential = null;
        return credential is not null;
    }

    /// <summary>The username behind a USERHASH (RFC 8489 §14.4); null when there is none.</summary>
    public Bytes? NameOf(ReadOnlySpan<byte> userHash)
    {
        lock (_gate) return _namesByHash.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(userHash, out var name) ? name : null;
    }
}
