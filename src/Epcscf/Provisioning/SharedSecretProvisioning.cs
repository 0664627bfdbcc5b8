using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 1: a time-limited credential that any TURN server with the same secret derives again (TR 33.872 clause 6;
/// draft-uberti-behave-turn-rest). Nobody is asked, nothing is kept.
/// </summary>
public sealed class SharedSecretProvisioning : IProvisioning
{
    readonly DatedSecret[] _secrets;
    readonly TurnSites _sites;
    readonly string? _profile;

    /// <param name="secrets">One, or two while they rotate: of those whose time has come the latest mints.</param>
    /// <param name="sites">The TURN servers; all of them know the secrets.</param>
    /// <param name="profile">The name of limits that each credential carries, which all of the servers know; null for none.</param>
    /// <exception cref="ArgumentException">None that mints at once, or more secrets than a TURN server would try; or a profile
    /// that is none.</exception>
    public SharedSecretProvisioning(IReadOnlyList<DatedSecret> secrets, TurnSites sites, string? profile = null)
    {
        if (secrets.Count is 0 or > SharedSecret.MostTried)
            throw new ArgumentException($"An edge has 1 to {SharedSecret.MostTried} shared secrets.", nameof(secrets));
        if (profile is not null && !TimeLimitedCredential.IsProfile(profile, OpaqueId.Length))
            throw new ArgumentException(
                $"A profile that an edge mints is 1 to {TimeLimitedCredential.MostOpaque - OpaqueId.Length - 1} of [0-9a-z].",
                nameof(profile));
        (_secrets, _sites, _profile) = ([.. secrets.OrderByDescending(one => one.MintsFrom)], sites, profile);
    }

    /// <param name="secret">Mints; TURN servers may still take others beside it.</param>
    /// <param name="realm">Of the TURN server.</param>
    /// <param name="uris">Of the TURN server.</param>
    /// <exception cref="ArgumentException">No URI, or more URIs than a client would read.</exception>
    public SharedSecretProvisioning(SharedSecret secret, string realm, IReadOnlyList<TurnUri> uris)
        : this([new(secret)], new([new(realm, realm, uris)]))
    {
    }

    public Provision Provide(Instant now, CredentialWish wish)
    {
        if (!wish.Request.Asks(TurnCredential.Password)) return Provision.Nothing;
        var sites = _sites.For(wish);
        if (sites.Count == 0) return Provision.Nothing;
        var ttl = wish.Ttl(now);
        var minted = TimeLimitedCredential.Mint(Minting(now), now.UnixSeconds + ttl, wish.Opaque, _profile);
        return new Provision.Given(
            new PasswordCredential(TurnSites.UrisOf(sites), minted.Username, minted.Password, sites[0].Realm, ttl));
    }

    /// <summary>No TURN server keeps anything: the credential ends with its expiry.</summary>
    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => [];

    /// <summary>
    /// The latest whose time has come; the first of all where none has: a clock that is wrong must not end the service.
    /// </summary>
    SharedSecret Minting(Instant now)
    {
        foreach (var one in _secrets)
            if (one.MintsFrom <= now.UnixSeconds) return one.Secret;
        return _secrets[^1].Secret;
    }
}
