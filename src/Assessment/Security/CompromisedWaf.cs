using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;

namespace Portunus.Assessment.Security;

/// <summary>
/// An attacker has the keys of the WAF and signs tokens for whom it likes. Whose identity it can have so is for the eP-CSCF and the
/// core to say, which know what a WAF or a site may speak for; with OAuth also for nobody, since the TURN server believes the key.
/// </summary>
static class CompromisedWaf
{
    /// <summary>Within it a REGISTER has its answer, whichever it is.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Users of <see cref="StudySystem"/> that other parts of the experiment do not sign in.</summary>
    public const int FirstUser = 8;

    /// <param name="system">With users, guests and closed subscribers enough.</param>
    /// <param name="tried">What it is.</param>
    /// <param name="attempts">Identities of each kind.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<IReadOnlyList<Figure>> SeeAsync(
        StudySystem system, TriedWay tried, int attempts, CancellationToken stop)
    {
        // An eP-CSCF names third parties to the core, and subscribers allow them or not. The operator's own WAF speaks for all.
        List<Figure> seen =
        [
            await RegisterAsync("waf=own as=subscriber", isPossible: true, one => Own($"wic{FirstUser + one}")),
            await RegisterAsync("waf=own as=closed-subscriber", isPossible: true, one => Own($"closed{one}")),
            await RegisterAsync("waf=own as=pool", isPossible: true, one => Own($"guest{one}") with
            {
                Impi = $"pool@{StudySystem.Realm}", IsOfSite = true,
            }),
            await RegisterAsync(
                "waf=own as=outside-of-the-pool", isPossible: false, one => Own($"wic{FirstUser + one}") with { IsOfSite = true }),
            await RegisterAsync(
                "waf=third-party as=subscriber", isPossible: true, one => Own($"wic{FirstUser + one}") with { IsForeign = true }),
            await RegisterAsync(
                "waf=third-party as=closed-subscriber", isPossible: false, one => Own($"closed{one}") with { IsForeign = true }),
        ];
        if (tried.Way.Solution == "OAuth") seen.Add(await AllocateAsync());
        return seen;

        async Task<Figure> RegisterAsync(string who, bool isPossible, Func<int, Forged> forge)
        {
            var (registered, relayed, words) = (0, 0, "");
            for (var i = 0; i < attempts; i++)
                try
                {
                    var one = forge(i);
                    var plan = await system.ForgedPlanAsync(one.Impi, one.Impu, one.IsForeign, one.IsOfSite);
                    if (await RelaysAsync(system, plan, stop)) relayed++;
                    registered++;
                }
                catch (RefusedException refused)
                {
                    words = refused.Message;
                }

            var outcome = $"{registered} of {attempts} tried registered, and {relayed} of them relay";
            return Of(
                who, registered, words == "" ? outcome : $"{outcome}; the last refusal: {words}",
                registered == (isPossible ? attempts : 0));
        }

        async Task<Figure> AllocateAsync()
        {
            var probe = new AllocateProbe(TransportAddress.From(system.TurnEndPoint));
            var worked = await probe.CountAsync(LeakedSecret.ByKey(await system.LeakedTokenKeyAsync(), attempts), stop);
            return Of(
                "waf=own as=anybody", worked, $"{worked} of {attempts} TURN tokens for nobody that is registered worked",
                worked == attempts);
        }

        Figure Of(string who, int taken, string outcome, bool isExpected) => new()
        {
            Experiment = FigureName.Theft, Subject = FigureName.WafIdentities, Solution = tried.Way.Solution, Variant = tried.Variant,
            Setting = who, Value = taken, Outcome = outcome, AsExpected = isExpected,
        };
    }

    /// <summary>Whether who registered so has a credential of the eP-CSCF that does.</summary>
    /// <exception cref="RefusedException">It is not registered.</exception>
    static async Task<bool> RelaysAsync(StudySystem system, WicPlan plan, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await using var session = await WicSession.BeginAsync(plan, new(_ => { }), patience.Token);
        return session.Credential is { } credential
            && await new AllocateProbe(TransportAddress.From(system.Stun.EndPoint))
                .AskAsync(TurnAccess.Of(credential).Credential, patience.Token);
    }

    static Forged Own(string name) => new($"{name}@{StudySystem.Realm}", $"sip:{name}@{StudySystem.Realm}");

    /// <summary>Whom a token says to be, of which WAF, and whether of the site with the pool.</summary>
    sealed record Forged(string Impi, string Impu, bool IsForeign = false, bool IsOfSite = false);
}
