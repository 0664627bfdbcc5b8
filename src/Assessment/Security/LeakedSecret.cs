using System.Text;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>An attacker has the secret of a solution, and makes credentials for identities of its invention.</summary>
static class LeakedSecret
{
    const int Lifetime = 600;

    /// <param name="system">Where.</param>
    /// <param name="tried">What it is.</param>
    /// <param name="attempts">How many identities are invented.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<IReadOnlyList<Figure>> SeeAsync(
        StudySystem system, TriedWay tried, int attempts, CancellationToken stop)
    {
        var probe = new AllocateProbe(TransportAddress.From(system.TurnEndPoint));
        if (tried.Way.Solution is "A1") return [await OfSecretAsync("shared", BySecret(system.LeakedSecret, attempts))];
        if (tried.Way.Solution is "OAuth" or "Combined")
            return [await OfSecretAsync("token-key", ByKey(await system.LeakedTokenKeyAsync(), attempts))];
        await using var victim = await Victim.BeginAsync(system, user: 1, stop);
        var one = await OfSecretAsync("credential", [victim.Held, .. StolenCredential.Others(victim.Held, attempts)]);
        if (tried.Way.Solution != "A2") return [one, await OfSecretAsync("all-digests", Subscribers(attempts))];
        var invented = Invented(attempts);
        var worked = await system.TellAsEdgeAsync(
            invented.Select(Pushed),
            async told => await probe.CountAsync([invented.First(shown => shown.Username == told.Username)], stop) == 1, stop);
        return [one, Seen("edge-certificate", worked, invented.Length)];

        // Those of the TURN server, which has them whether they are registered or not. Each is as good as the SIP password.
        TurnClientSettings[] Subscribers(int count) =>
            [.. Enumerable.Range(0, count).Select(user => system.PlanOf(RegistrationScenario.S1, user).Access!.Credential)];

        async Task<Figure> OfSecretAsync(string secret, IReadOnlyCollection<TurnClientSettings> shown) =>
            Seen(secret, await probe.CountAsync(shown, stop), shown.Count);

        Figure Seen(string secret, int worked, int shown) => new()
        {
            Experiment = FigureName.Theft, Subject = FigureName.LeakIdentities, Solution = tried.Way.Solution, Variant = tried.Variant,
            Setting = $"secret={secret}", Value = worked, Outcome = $"{Reach(secret, worked, shown)}: {worked} of {shown} tried worked",
            AsExpected = worked == (secret == "credential" ? 1 : shown),
        };
    }

    static string Reach(string secret, int worked, int tried) => worked switch
    {
        1 => "that one identity",
        _ when worked < tried => "some identities",
        _ => secret == "all-digests" ? "any subscriber" : "any identity of the realm",
    };

    static TurnClientSettings[] BySecret(SharedSecret secret, int count)
    {
        var expiry = SystemClock.Now.UnixSeconds + Lifetime;
        return
        [
            .. Invented(count).Select(one => TimeLimitedCredential.Mint(secret, expiry, one.Username))
                .Select(minted => new TurnClientSettings { Username = minted.Username, Password = minted.Password }),
        ];
    }

    public static IReadOnlyList<TurnClientSettings> ByKey(TokenKey key, int count)
    {
        using var issuer = new TokenIssuer(key, StudySystem.TurnName, new SystemRandom());
        return
        [
            .. Enumerable.Range(0, count).Select(_ => new TurnClientSettings
            {
                Token = issuer.Issue(SystemClock.Now, issuer.DrawId(), Lifetime, TokenMacKey.Sha256Length),
            }),
        ];
    }

    static TurnClientSettings[] Invented(int count)
    {
        var random = new SystemRandom();
        return
        [
            .. Enumerable.Range(0, count).Select(_ => new TurnClientSettings
            {
                Username = random.NextToken(TimeLimitedCredential.FewestOpaque), Password = random.NextToken(32),
            }),
        ];
    }

    static PushedCredential Pushed(TurnClientSettings one)
    {
        var (name, realm, password) = (
            Encoding.UTF8.GetBytes(one.Username), Encoding.UTF8.GetBytes(StudySystem.Realm), Encoding.UTF8.GetBytes(one.Password));
        return new(
            StudySystem.Realm, one.Username, LongTermKey.Derive(PasswordAlgorithm.Md5, name, realm, password),
            LongTermKey.Derive(PasswordAlgorithm.Sha256, name, realm, password), SystemClock.Now.UnixSeconds + Lifetime,
            one.Username, Sequence: (ulong)SystemClock.Now.WallTicks, CredentialLimits.None);
    }
}
