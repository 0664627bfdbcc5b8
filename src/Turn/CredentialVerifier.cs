using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// The credentials of one realm: static users first; then, for a name of the form <c>expiry:opaque</c>, the shared secrets in
/// their order, each with its own hash. Immutable; holds keys, no password.
/// </summary>
public sealed class CredentialVerifier : ICredentialVerifier
{
    readonly byte[] _realm;
    readonly SharedSecret[] _secrets;
    readonly Dictionary<Bytes, Keys> _users = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Bytes> _namesByHash = new(Bytes.ByContent);

    /// <exception cref="ArgumentException">Too many secrets; or a user whose name has the form of a time-limited one, is given
    /// twice or is no OpaqueString (RFC 8265 §4.2), or whose password is none. The message names no password.</exception>
    public CredentialVerifier(string realm, IEnumerable<StaticUser> users, IEnumerable<SharedSecret> secrets)
    {
        if (!OpaqueString.TryEnforce(realm, out var enforced)) throw Refused("realm", realm);
        _realm = Encoding.UTF8.GetBytes(enforced);
        _secrets = [.. secrets];
        if (_secrets.Length > SharedSecret.MostTried)
            throw new ArgumentException($"At most {SharedSecret.MostTried} secrets are tried; leave out the oldest.");
        foreach (var user in users) Add(user, realm);
    }

    /// <summary>A time-limited name cannot be found by its hash, so one secret is enough to ask for names in clear.</summary>
    public bool FindsByHash => _secrets.Length == 0 && _users.Count > 0;

    public Bytes? NameOf(ReadOnlySpan<byte> userHash) =>
        FindsByHash && _namesByHash.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(userHash, out var name) ? name : null;

    public bool TryFind(
        Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found)
    {
        found = default;
        if (_users.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(username, out var keys))
        {
            if (attempt > 0) return false;
            found = new(algorithm == PasswordAlgorithm.Md5 ? keys.Md5 : keys.Sha256, keys.Subject);
            return true;
        }

        if (attempt >= _secrets.Length || !TimeLimitedCredential.TryReadExpiry(username, out var expiry)) return false;
        // Good up to and with the second that it names, as other servers have it.
        if (expiry < now.UnixSeconds) return false;
        found = new(
            new(TimeLimitedCredential.DeriveKey(algorithm, _secrets[attempt], username, _realm).Span),
            new(CredentialKind.TimeLimited, Bytes.Copy(username[(username.IndexOf((byte)':') + 1)..])));
        return true;
    }

    public override string ToString() => $"{nameof(CredentialVerifier)} ({_users.Count} users, {_secrets.Length} secrets)";

    void Add(StaticUser user, string realm)
    {
        if (!OpaqueString.TryEnforce(user.Name, out var enforced)) throw Refused("name", user.Name);
        var name = Bytes.Utf8(enforced);
        if (TimeLimitedCredential.TryReadExpiry(name.Span, out _))
            throw new ArgumentException($"The name '{user.Name}' has the form of a time-limited one, digits and a colon.");
        if (!LongTermKey.TryDerive(PasswordAlgorithm.Md5, user.Name, realm, user.Password, out var md5)
            || !LongTermKey.TryDerive(PasswordAlgorithm.Sha256, user.Name, realm, user.Password, out var sha256)
            || !UserHash.TryCompute(user.Name, realm, out var hash))
            throw new ArgumentException($"The password of '{user.Name}' is not allowed (RFC 8265 §4.2).");
        if (!_users.TryAdd(name, new(new(md5.Span), new(sha256.Span), new(CredentialKind.Static, name))))
            throw new ArgumentException($"The user '{user.Name}' is given twice.");
        _namesByHash.Add(hash, name);
    }

    static ArgumentException Refused(string what, string text) => new($"The {what} '{text}' is not allowed (RFC 8265 §4.2).");

    sealed record Keys(IntegrityKey Md5, IntegrityKey Sha256, Subject Subject);
}
