using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>The realms of a server as one worker has them: found by REALM, by ORIGIN, by the kid of a token. Finding one keeps nothing and
/// makes no object, whatever a stranger says.</summary>
sealed class RealmTable : IDisposable
{
    /// <summary>ORIGINs of one message that are looked at: of a page and of the frames around it; coturn's client sends three.</summary>
    const int MostOrigins = 8;

    readonly Realm[] _all;
    readonly Dictionary<Bytes, Realm> _byName = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Realm> _byOrigin = new(Bytes.ByContent);
    readonly Dictionary<Bytes, Realm> _byKid = new(Bytes.ByContent);

    /// <param name="name">Of the first realm, OpaqueString applied.</param>
    /// <param name="verifier">Of the first realm; it knows the further ones.</param>
    /// <param name="keys">Of nonces.</param>
    /// <param name="nonceLifetime">After which a nonce is stale.</param>
    public RealmTable(string name, ICredentialVerifier verifier, NonceKeys keys, TimeSpan nonceLifetime)
    {
        First = new(name, null, verifier, keys, nonceLifetime);
        _all = [First, .. verifier.Further.Select(one => new Realm(one.Name, one, one.Verifier, keys, nonceLifetime))];
        foreach (var (realm, further) in _all.Skip(1).Zip(verifier.Further))
        {
            _byName.TryAdd(Bytes.Copy(realm.Name), realm);
            foreach (var origin in further.Origins) _byOrigin.TryAdd(Bytes.Utf8(origin), realm);
        }

        foreach (var realm in _all)
            foreach (var kid in realm.Tokens?.Kids ?? [])
                _byKid.TryAdd(kid, realm);
    }

    /// <summary>Whom nothing else is said of.</summary>
    public Realm First { get; }

    /// <summary>Whether any realm takes access tokens.</summary>
    public bool HasTokens => _byKid.Count > 0;

    /// <summary>The realm that REALM names; null for none of ours.</summary>
    public Realm? OfName(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(First.Name) ? First : Find(_byName, name);

    /// <summary>The realm that a client is challenged with: of several ORIGINs the first that is known counts, as other servers have it.
    /// It is a hint: whoever forges one learns a realm's name, and needs a credential of it as before.</summary>
    public Realm OfOrigin(in StunMessage message)
    {
        if (_byOrigin.Count == 0) return First;
        var left = MostOrigins;
        foreach (var attribute in message)
        {
            if (attribute.Type != AttributeType.Origin) continue;
            if (attribute.TryReadOrigin(out var origin) && Find(_byOrigin, origin) is { } realm) return realm;
            if (--left == 0) break;
        }

        return First;
    }

    /// <summary>The realm that a token is of; null for an unknown key.</summary>
    public Realm? OfKid(ReadOnlySpan<byte> kid) => Find(_byKid, kid);

    /// <summary>Allocations that a subject's realm may have; a realm that is not there any more has nobody that could begin one.</summary>
    public int TotalQuotaOf(string? subjectRealm)
    {
        foreach (var realm in _all)
            if (realm.SubjectRealm == subjectRealm)
                return realm.TotalQuota;
        return int.MaxValue;
    }

    public void Dispose()
    {
        foreach (var realm in _all) realm.Dispose();
    }

    static Realm? Find(Dictionary<Bytes, Realm> some, ReadOnlySpan<byte> key) =>
        some.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var realm) ? realm : null;
}
