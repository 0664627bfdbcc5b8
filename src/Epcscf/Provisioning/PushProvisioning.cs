using System.Security.Cryptography;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 2: a credential of chance, made known to the TURN servers before the WIC has it (TR 33.872 clause 6). It ends with
/// its registration: <see cref="EdgeEffect.Withdraw"/>.
/// </summary>
/// <remarks>
/// One registration has one username and one password, whose end moves with each refresh, so that what runs on it runs on.
/// Nothing is kept of it: the username is the registration's opaque id, and the password a pseudo-random function of it, under a
/// key that is drawn when the object is made.
/// </remarks>
public sealed class PushProvisioning : IProvisioning
{
    /// <summary>Bytes of the key, and of the password before base64: 192 bits, above the 128 of RFC 8489 §9.2.</summary>
    const int KeyLength = 32, PasswordLength = 24;

    readonly TurnSites _sites;
    readonly CredentialLimits _limits;
    readonly TimeSpan _patience;
    readonly Shared _shared;

    /// <param name="sites">The TURN servers.</param>
    /// <param name="random">Draws the key.</param>
    /// <param name="limits">Of each credential; null for none.</param>
    /// <param name="patience">How long servers have to acknowledge; half a second when null. The WIC waits for it.</param>
    public PushProvisioning(TurnSites sites, IRandom random, CredentialLimits? limits = null, TimeSpan? patience = null)
        : this(sites, limits, patience, new(Draw(random)))
    {
    }

    PushProvisioning(TurnSites sites, CredentialLimits? limits, TimeSpan? patience, Shared shared)
    {
        (_sites, _shared) = (sites, shared);
        (_limits, _patience) = (limits ?? CredentialLimits.None, patience ?? TimeSpan.FromMilliseconds(500));
    }

    /// <summary>The same with other servers: registrations keep their passwords, and sequences go on.</summary>
    public PushProvisioning With(TurnSites sites) => new(sites, _limits, _patience, _shared);

    public Provision Provide(Instant now, CredentialWish wish)
    {
        if (!wish.Request.Asks(TurnCredential.Password)) return Provision.Nothing;
        // A call that comes in need not wait for servers that know its credential: until half of it is over, or it would end later.
        if (wish.Last is { Credential: PasswordCredential last } given && given.Left(now) is var left && left > wish.Ttl(now) / 2)
            return new Provision.Given(last with { Ttl = left });
        if (wish.Heard is { } heard) return Acknowledged(now, wish, heard.Question.Credential, heard.Answer);
        var sites = _sites.For(wish);
        if (sites.Count == 0) return Provision.Nothing;
        var realm = sites[0].Realm;
        var (name, place, secret) = (Encoding.UTF8.GetBytes(wish.Opaque), Encoding.UTF8.GetBytes(realm), PasswordOf(wish.Opaque));
        var password = Encoding.ASCII.GetBytes(secret);
        var credential = new PushedCredential(
            realm, wish.Opaque,
            LongTermKey.Derive(PasswordAlgorithm.Md5, name, place, password),
            LongTermKey.Derive(PasswordAlgorithm.Sha256, name, place, password),
            now.UnixSeconds + wish.Ttl(now), wish.Opaque, _shared.Next(now), _limits);
        return new Provision.Asked(new EdgeQuestion.Push(credential, [.. sites.Select(site => site.Name)]), _patience);
    }

    /// <summary>
    /// Which servers of which realm heard of it is not kept: a name of chance is nobody else's, so all are told.
    /// </summary>
    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque)
    {
        var sequence = _shared.Next(default);
        return [.. _sites.ByRealm.Select(realm =>
            new EdgeEffect.Withdraw(realm.Key, opaque, opaque, sequence, [.. realm.Select(site => site.Name)]))];
    }

    Provision Acknowledged(Instant now, CredentialWish wish, PushedCredential pushed, EdgeAnswer answer)
    {
        if (answer is not EdgeAnswer.Pushed { Servers: var servers }) return Provision.Nothing;
        // Its registration has ended or begun while servers were told: nobody knows the name that is asked for now.
        if (pushed.Username != wish.Opaque) return Provision.Nothing;
        var sites = _sites.For(wish).Where(site => servers.Contains(site.Name, StringComparer.Ordinal)).ToArray();
        var ttl = pushed.Expires - now.UnixSeconds;
        if (sites.Length == 0 || ttl < 1) return Provision.Nothing;
        return new Provision.Given(
            new PasswordCredential(TurnSites.UrisOf(sites), pushed.Username, PasswordOf(wish.Opaque), pushed.Realm, (int)ttl));
    }

    string PasswordOf(string opaque)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_shared.Key.Span, Encoding.UTF8.GetBytes(opaque), mac);
        return Convert.ToBase64String(mac[..PasswordLength]);
    }

    static Bytes Draw(IRandom random)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        random.Fill(key);
        return Bytes.Copy(key);
    }

    /// <summary>What outlives a change of the servers.</summary>
    sealed class Shared(Bytes key)
    {
        ulong _last;

        public Bytes Key { get; } = key;

        /// <summary>Above all before, and above those of a former life of this edge: it starts at the wall clock.</summary>
        public ulong Next(Instant now) => _last = Math.Max(_last + 1, (ulong)Math.Max(0, now.WallTicks));
    }
}
