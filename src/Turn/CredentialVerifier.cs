using System.Collections.Immutable;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// The credentials of a server's first realm, and of the further ones beside it, each of which has a verifier of its own. By token
/// where a request has one; else pushed ones first, then static users, then, for a name of the form <c>expiry:opaque</c>, the shared
/// secrets in their order, each with its own hash. Immutable but for what is pushed; holds keys, no password.
/// </summary>
public sealed partial class CredentialVerifier : ICredentialVerifier
{
    readonly byte[] _realm;
    readonly string? _subjectRealm;
    readonly SharedSecret[] _secrets;
    readonly bool _strictExpiry;
    readonly IPushedCredentials? _pushed;
    readonly Dictionary<Bytes, Keys> _users = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Bytes> _namesByHash = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Allowance?> _profiles = new(Bytes.ByContent);

    /// <exception cref="ArgumentException">Too many secrets; or a user whose name has the form of a time-limited one, is given
    /// twice or is no OpaqueString (RFC 8265 §4.2), or whose password is none; or a mistake in a profile, a kid or the server's
    /// name; or edges to ask, and no place for what they tell; or a mistake in the further realms. The message names no
    /// password.</exception>
    public CredentialVerifier(CredentialSources sources) : this(sources, isFurther: false) => Further = MakeFurther(sources);

    CredentialVerifier(CredentialSources sources, bool isFurther)
    {
        if (!OpaqueString.TryEnforce(sources.Realm, out var enforced)) throw Refused("realm", sources.Realm);
        _subjectRealm = isFurther ? enforced : null;
        _realm = Encoding.UTF8.GetBytes(enforced);
        (_secrets, _strictExpiry, _pushed) = ([.. sources.Secrets], sources.StrictExpiry, sources.Pushed);
        AsksEdges = sources.AsksEdges;
        if (AsksEdges && _pushed is null) throw new ArgumentException("What edges tell needs a table to stand in.");
        if (_secrets.Length > SharedSecret.MostTried)
            throw new ArgumentException($"At most {SharedSecret.MostTried} secrets are tried; leave out the oldest.");
        foreach (var user in sources.Users) Add(user, sources.Realm);
        foreach (var (name, limits) in sources.Profiles) Add(name, limits);
        if (!sources.TokenKeys.IsEmpty)
            Tokens = new(sources.ServerName ?? enforced, sources.TokenKeys.Select(key => (key.Key, Profile(key))));
    }

    /// <summary>Static users and shared secrets alone.</summary>
    /// <exception cref="ArgumentException">As the other.</exception>
    public CredentialVerifier(string realm, IEnumerable<StaticUser> users, IEnumerable<SharedSecret> secrets)
        : this(new() { Realm = realm, Users = [.. users], Secrets = [.. secrets] })
    {
    }

    /// <summary>A time-limited name cannot be found by its hash, a kid is sent in USERNAME (RFC 7635 §7), and an edge is asked for
    /// names: one secret, one token key or one edge to ask is enough to want names in clear.</summary>
    public bool FindsByHash =>
        _secrets.Length == 0 && Tokens is null && !AsksEdges && (_users.Count > 0 || _pushed is not null);

    public bool AsksEdges { get; }

    public TokenKeys? Tokens { get; }

    public ImmutableArray<FurtherRealm> Further { get; } = [];

    public Bytes? NameOf(ReadOnlySpan<byte> userHash)
    {
        if (!FindsByHash) return null;
        if (_pushed?.NameOf(userHash) is { } pushed) return pushed;
        return _namesByHash.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(userHash, out var name) ? name : null;
    }

    public bool TryFind(
        Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found)
    {
        found = default;
        // A name that two sources know is the first one's: one more attempt would make two passwords good for it.
        if (_pushed is not null && _pushed.TryFind(now, username, algorithm, out found)) return attempt == 0;
        if (_users.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(username, out var keys))
        {
            if (attempt > 0) return false;
            found = new(algorithm == PasswordAlgorithm.Md5 ? keys.Md5 : keys.Sha256, keys.Subject);
            return true;
        }

        return attempt < _secrets.Length && TryDerive(now, username, algorithm, _secrets[attempt], out found);
    }

    public override string ToString() =>
        $"{nameof(CredentialVerifier)} ({_users.Count} users, {_secrets.Length} secrets, {Tokens?.Keys.Length ?? 0} token keys)";

    bool TryDerive(
        Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, SharedSecret secret, out FoundCredential found)
    {
        found = default;
        // Good up to and with the second that it names, as other servers have it.
        if (!TimeLimitedCredential.TryReadExpiry(username, out var expiry) || expiry < now.UnixSeconds) return false;
        var user = username[(username.IndexOf((byte)':') + 1)..];
        Allowance? allowance = null;
        if (TimeLimitedCredential.TrySplitProfile(user, out var opaque, out var profile)
            && !_profiles.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(profile, out allowance)) return false;
        found = new(
            new(TimeLimitedCredential.DeriveKey(algorithm, secret, username, _realm).Span),
            new(CredentialKind.TimeLimited, Bytes.Copy(opaque), _subjectRealm))
        {
            EndsAt = _strictExpiry ? now.AtUnixSeconds(expiry + 1) : null,
            Allowance = allowance,
        };
        return true;
    }

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
        if (!_users.TryAdd(name, new(new(md5.Span), new(sha256.Span), new(CredentialKind.Static, name, _subjectRealm))))
            throw new ArgumentException($"The user '{user.Name}' is given twice.");
        _namesByHash.Add(hash, name);
    }

    void Add(string profile, CredentialLimits limits)
    {
        const int most = TimeLimitedCredential.MostOpaque - TimeLimitedCredential.FewestOpaque - 1;
        if (!TimeLimitedCredential.IsProfile(profile, TimeLimitedCredential.FewestOpaque))
            throw new ArgumentException($"The profile '{profile}' needs another name: 1 to {most} of [0-9a-z].");
        _profiles.Add(Bytes.Utf8(profile), Allowance.Of(limits));
    }

    Allowance? Profile(TokenKeySource source)
    {
        if (source.Profile is null) return null;
        return _profiles.TryGetValue(Bytes.Utf8(source.Profile), out var allowance)
            ? allowance
            : throw new ArgumentException($"The key '{source.Key.Kid}' has a profile that nobody defined: '{source.Profile}'.");
    }

    static ArgumentException Refused(string what, string text) => new($"The {what} '{text}' is not allowed (RFC 8265 §4.2).");

    sealed record Keys(IntegrityKey Md5, IntegrityKey Sha256, Subject Subject);
}
