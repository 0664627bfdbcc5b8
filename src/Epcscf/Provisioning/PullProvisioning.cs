using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 2, pull: a credential of chance that the edge keeps, and tells the TURN server that asks for it at an Allocate. Nobody is
/// waited for at a registration. It ends with it: <see cref="EdgeEffect.Withdraw"/> reaches the servers that asked.
/// </summary>
public sealed class PullProvisioning : IProvisioning
{
    /// <summary>For a word within this process. Before the WIC has it, the credential must be there for who asks.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    readonly TurnSites _sites;
    readonly RandomCredentials _credentials;

    /// <param name="sites">The TURN servers, all of which ask this edge.</param>
    /// <param name="random">Draws the key of the passwords.</param>
    /// <param name="limits">Of each credential; null for none.</param>
    public PullProvisioning(TurnSites sites, IRandom random, CredentialLimits? limits = null)
        : this(sites, new(random, limits))
    {
    }

    PullProvisioning(TurnSites sites, RandomCredentials credentials) => (_sites, _credentials) = (sites, credentials);

    /// <summary>The same with other servers: registrations keep their passwords.</summary>
    public PullProvisioning With(TurnSites sites) => new(sites, _credentials);

    public Provision Provide(Instant now, CredentialWish wish)
    {
        if (!wish.Request.Asks(TurnCredential.Password)) return Provision.Nothing;
        if (RandomCredentials.StillGood(now, wish) is { } good) return good;
        var sites = _sites.For(wish);
        if (sites.Count == 0) return Provision.Nothing;
        if (wish.Heard is not { } heard)
            return new Provision.Asked(new EdgeQuestion.Keep(_credentials.For(now, wish, sites[0].Realm)), Patience);
        return heard.Answer is EdgeAnswer.Kept { HasRoom: true }
            ? _credentials.Given(now, wish, heard.Question.Credential, sites)
            : Provision.Nothing;
    }

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => _credentials.Withdraw(_sites, opaque);
}
