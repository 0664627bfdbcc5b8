using System.Net;
using Portunus.Sip;

namespace Portunus.Nodes.Wic;

/// <summary>
/// Scenario 3: a site (WWSF) lends an identity of its pool, with a token for it. Asking again is the sign of life that keeps
/// the lease.
/// </summary>
sealed class LeaseSignIn(Uri site, string? user, string? password, AccessHttp http, Timeline timeline) : ITokenSource
{
    const string LoginPath = "/wwsf/login", LeasePath = "/wwsf/lease";

    bool _hasSignedIn;

    public bool CanRenew => true;

    public async Task<AccessGrant> FetchAsync(CancellationToken stop)
    {
        if (user is not null && !_hasSignedIn)
            await timeline.StepAsync("login", () => LoginAsync(user, password!, stop), _ => $"{user} at {site}");
        _hasSignedIn = true;
        return await timeline.StepAsync("lease", () => LeaseAsync(stop), grant => $"{grant.Identity}, {grant}");
    }

    public Task EndAsync(AccessGrant last, CancellationToken stop) => timeline.StepAsync(
        "lease-end",
        async () => (await http.SendAsync(HttpMethod.Delete, new(site, LeasePath), last.Token, [], stop)).Status
            == HttpStatusCode.NoContent,
        agreed => agreed ? $"{last.Identity}" : $"{last.Identity}: refused");

    async Task<bool> LoginAsync(string name, string secret, CancellationToken stop)
    {
        var answer = await http.PostAsync(new(site, LoginPath), [("user", name), ("password", secret)], stop);
        return answer.IsSuccess ? true : throw new RefusedException($"{site} does not let {name} in: {answer.Reason}.");
    }

    async Task<AccessGrant> LeaseAsync(CancellationToken stop)
    {
        var answer = await http.PostAsync(new(site, LeasePath), [], stop);
        if (!answer.IsSuccess) throw new RefusedException($"{site} lends no identity: {answer.Reason}.");
        var json = answer.Json;
        if (AccessGrant.Read(json) is not { } grant || !SipUri.TryParse(json.Text("impu") ?? "", out var identity))
            throw new RefusedException($"{site} answers with a lease that cannot be read.");
        // Whichever ends first: the token, or the lease.
        var lease = json.Seconds("lease_expires_in") ?? grant.Lifetime;
        return grant with { Identity = identity, Lifetime = lease < grant.Lifetime ? lease : grant.Lifetime };
    }
}
