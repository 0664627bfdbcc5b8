using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Credentials of chance for registrations (TR 33.872 clause 6, Approach 2): one username and one password each, whose end moves
/// with each refresh, so that what runs on it runs on.
/// </summary>
/// <remarks>
/// Nothing is kept of them: the username is the registration's opaque id, and the password a pseudo-random function of it, under
/// a key that is drawn when the object is made. It lives as long as its shard.
/// </remarks>
sealed class RandomCredentials
{
    /// <summary>Bytes of the key, and of the password before base64: 192 bits, above the 128 of RFC 8489 §9.2.</summary>
    const int KeyLength = 32, PasswordLength = 24;

    /// <summary>Seconds for which who asks again is told of with the same end.</summary>
    const int LongestRepetition = 30;

    /// <summary>Characters of the password: base64.</summary>
    const int PasswordText = 32;

    // Keyed once: setting the key up costs more than the two blocks that follow.
    readonly IncrementalHash _passwords;
    readonly CredentialLimits _limits;
    ulong _last;

    public RandomCredentials(IRandom random, CredentialLimits? limits)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        random.Fill(key);
        (_passwords, _limits) = (IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key), limits ?? CredentialLimits.None);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>As TURN servers hear of it. Who asks again, since no server acknowledged in time, is told of with the same end for
    /// a while: so an acknowledgement that comes late is one of what is asked for now.</summary>
    public PushedCredential For(Instant now, CredentialWish wish, string realm)
    {
        var (name, place) = (Encoding.UTF8.GetBytes(wish.Opaque), Encoding.UTF8.GetBytes(realm));
        Span<byte> password = stackalloc byte[PasswordText];
        WritePassword(name, password);
        return new(
            realm, wish.Opaque,
            LongTermKey.Derive(PasswordAlgorithm.Md5, name, place, password),
            LongTermKey.Derive(PasswordAlgorithm.Sha256, name, place, password),
            EndOf(now, wish, realm), wish.Opaque, Next(), _limits);
    }

    static long EndOf(Instant now, CredentialWish wish, string realm)
    {
        var ttl = wish.Ttl(now);
        return wish.Told is { Expires: var told } last && last.Realm == realm && last.Username == wish.Opaque
            && told <= now.UnixSeconds + ttl && told > now.UnixSeconds + ttl - LongestRepetition
            ? told
            : now.UnixSeconds + ttl;
    }

    /// <summary>What was given last, while half of its time is left: a call that comes in need not wait for servers that know its
    /// credential. Until half is over, or it would end later. Null when it is time for a new one.</summary>
    public static Provision? StillGood(Instant now, CredentialWish wish) =>
        wish.Last is { Credential: PasswordCredential last } given && given.Left(now) is var left && left > wish.Ttl(now) / 2
            ? new Provision.Given(last with { Ttl = left })
            : null;

    /// <summary>As the WIC hears of it; nothing where no server is named or no time is left.</summary>
    public Provision Given(Instant now, CredentialWish wish, PushedCredential credential, IReadOnlyList<TurnSite> sites)
    {
        // Its registration has ended or begun while others were told: nobody knows the name that is asked for now.
        if (credential.Username != wish.Opaque) return Provision.Nothing;
        var ttl = credential.Expires - now.UnixSeconds;
        if (sites.Count == 0 || ttl < 1) return Provision.Nothing;
        Span<byte> password = stackalloc byte[PasswordText];
        WritePassword(Encoding.UTF8.GetBytes(wish.Opaque), password);
        return new Provision.Given(new PasswordCredential(
            TurnSites.UrisOf(sites), credential.Username, Encoding.ASCII.GetString(password), credential.Realm, (int)ttl));
    }

    /// <summary>
    /// Which servers of which realm heard of it is not kept: a name of chance is nobody else's, so all are told.
    /// </summary>
    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(TurnSites sites, string opaque)
    {
        var sequence = Next();
        return [.. sites.ByRealm.Select(realm =>
            new EdgeEffect.Withdraw(realm.Key, opaque, opaque, sequence, [.. realm.Select(site => site.Name)]))];
    }

    void WritePassword(ReadOnlySpan<byte> name, Span<byte> password)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _passwords.AppendData(name);
        _passwords.GetHashAndReset(mac);
        Base64.EncodeToUtf8(mac[..PasswordLength], password, out _, out _);
    }

    /// <summary>Above all before; compared with those of this process only.</summary>
    ulong Next() => ++_last;
}
