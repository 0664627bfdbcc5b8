using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

// What the verifier asks.
public sealed partial class PushedCredentials
{
    public bool TryFind(Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out FoundCredential found)
    {
        found = default;
        if (Find(now, username) is not var (credential, allowance)) return false;
        var key = algorithm == PasswordAlgorithm.Md5 ? credential.KeyMd5 : credential.KeySha256;
        found = new(new IntegrityKey(key.Span), ChargedFor(credential.Registration))
        {
            EndsAt = now.AtUnixSeconds(credential.Expires),
            Allowance = allowance,
        };
        return true;
    }

    /// <summary>What is known of a username at this moment.</summary>
    public bool TryFind(Instant now, ReadOnlySpan<byte> username, [NotNullWhen(true)] out PushedCredential? credential)
    {
        credential = Find(now, username)?.Credential;
        return credential is not null;
    }

    public Bytes? NameOf(ReadOnlySpan<byte> userHash)
    {
        var byHash = _namesByHash.GetAlternateLookup<ReadOnlySpan<byte>>();
        lock (_gate) return byHash.TryGetValue(userHash, out var name) ? name : null;
    }

    /// <summary>Who is charged for what runs on a registration's credentials, and what is revoked with it.</summary>
    public Subject ChargedFor(string registration) => new(CredentialKind.Pushed, Bytes.Utf8(registration), SubjectRealm);

    /// <summary>The same in the first realm of a server.</summary>
    public static Subject SubjectOf(string registration) => new(CredentialKind.Pushed, Bytes.Utf8(registration));

    (PushedCredential Credential, Allowance? Allowance)? Find(Instant now, ReadOnlySpan<byte> username)
    {
        lock (_gate)
        {
            // It counts up to the second that it names; the sweep may come a little later.
            return _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(username, out var entry)
                && entry.Credential is { } credential && credential.Expires > now.UnixSeconds
                    ? (credential, entry.Allowance)
                    : null;
        }
    }
}
