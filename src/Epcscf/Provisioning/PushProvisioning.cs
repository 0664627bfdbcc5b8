using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 2: a credential of chance, made known to the TURN servers before the WIC has it (TR 33.872 clause 6). It ends with
/// its registration: <see cref="EdgeEffect.Withdraw"/>.
/// </summary>
public sealed class PushProvisioning : IProvisioning
{
    readonly TurnSites _sites;
    readonly TimeSpan _patience;
    readonly RandomCredentials _credentials;

    /// <param name="sites">The TURN servers.</param>
    /// <param name="random">Draws the key of the passwords.</param>
    /// <param name="limits">Of each credential; null for none.</param>
    /// <param name="patience">How long servers have to acknowledge; half a second when null. The WIC waits for it.</param>
    public PushProvisioning(TurnSites sites, IRandom random, CredentialLimits? limits = null, TimeSpan? patience = null)
        : this(sites, new(random, limits), patience ?? TimeSpan.FromMilliseconds(500))
    {
    }

    PushProvisioning(TurnSites sites, RandomCredentials credentials, TimeSpan patience) =>
        (_sites, _credentials, _patience) = (sites, credentials, patience);

    /// <summary>The same with other servers: registrations keep their passwords, and sequences go on.</summary>
    public PushProvisioning With(TurnSites sites) => new(sites, _credentials, _patience);

    public Provision Provide(Instant now, CredentialWish wish)
    {
        if (!wish.Request.Asks(TurnCredential.Password)) return Provision.Nothing;
        if (RandomCredentials.StillGood(now, wish) is { } good) return good;
        if (wish.Heard is { } heard) return Acknowledged(now, wish, heard.Question.Credential, heard.Answer);
        var sites = _sites.For(wish);
        if (sites.Count == 0) return Provision.Nothing;
        var credential = _credentials.For(now, wish, sites[0].Realm);
        return new Provision.Asked(new EdgeQuestion.Push(credential, [.. sites.Select(site => site.Name)]), _patience);
    }

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => _credentials.Withdraw(_sites, opaque);

    Provision Acknowledged(Instant now, CredentialWish wish, PushedCredential pushed, EdgeAnswer answer)
    {
        if (answer is not EdgeAnswer.Pushed { Servers: var servers }) return Provision.Nothing;
        TurnSite[] sites = [.. _sites.For(wish).Where(site => servers.Contains(site.Name, StringComparer.Ordinal))];
        return _credentials.Given(now, wish, pushed, sites);
    }
}
