using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>A thief copies a user's credential and relays with it, at another address; then the user signs off.</summary>
static class StolenCredential
{
    /// <summary>How long user and thief have the credential together.</summary>
    static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    /// <summary>Where the refusal must come it is waited for longer, since the machine may have much else to do.</summary>
    static readonly TimeSpan Certain = TimeSpan.FromSeconds(20);

    /// <param name="system">Where.</param>
    /// <param name="tried">What it is.</param>
    /// <param name="watch">How long a refusal is waited for that may not come, and the thief watched.</param>
    /// <param name="attempts">Other names that the thief tries the credential with.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task<IReadOnlyList<Figure>> SeeAsync(
        StudySystem system, TriedWay tried, TimeSpan watch, int attempts, CancellationToken stop)
    {
        await using var victim = await Victim.BeginAsync(system, user: 0, stop);
        var from = SecondAddress.Find();
        var probe = new AllocateProbe(TransportAddress.From(system.TurnEndPoint), from);
        var identities = await probe.CountAsync([victim.Held, .. Others(victim.Held, attempts)], stop);

        var isTold = tried.IsTold(RegistrationEnd.Client);
        var seconds = (int)Math.Ceiling((Together + watch).TotalSeconds);
        using var thief = ThiefProcess.Start(system.TurnEndPoint, victim.Held, from, seconds);
        await thief.RelaysAsync(stop);
        await Task.Delay(Together, stop);
        var ordered = SystemClock.Now;
        var ending = victim.EndAsync(RegistrationEnd.Client, stop);
        var refused = await probe.UntilRefusedAsync(victim.Held, isTold ? Certain : watch, stop);
        await ending;
        var bytes = await thief.ReturnedAsync(stop) * ThiefProcess.PacketBytes;

        var where = from is null ? "a process at the same address" : $"a process at {from}";
        var figure = new Figure
        {
            Experiment = FigureName.Theft, Subject = "", Outcome = "", Solution = tried.Way.Solution, Variant = tried.Variant,
            Scenario = victim.Scenario, Setting = tried.Setting,
        };
        return
        [
            figure with
            {
                Subject = FigureName.TheftToRefusal,
                Value = refused is { } at ? Math.Round((at - ordered).TotalSeconds, 4) : null,
                Unit = "s",
                Outcome = refused is null ? $"{where} {victim.RelaysOn}" : $"{where} is refused, from when the user signed off",
                AsExpected = refused is not null == isTold,
            },
            figure with
            {
                Subject = FigureName.TheftBytes,
                Value = bytes,
                Unit = "bytes",
                Outcome = refused is null
                    ? $"payload that came back to it in {seconds} s, of which the user was there for {Together.TotalSeconds:0} s"
                    : $"payload that came back to it, of which the user was there for {Together.TotalSeconds:0} s",
            },
            figure with
            {
                Subject = FigureName.TheftIdentities,
                Value = identities,
                Outcome = $"{identities} of {attempts + 1} tried names worked, the victim's own among them",
                AsExpected = identities == 1,
            },
        ];
    }

    /// <summary>The same credential under names of chance: for a token, whose name is sealed in, with that part of it changed.</summary>
    public static IEnumerable<TurnClientSettings> Others(TurnClientSettings held, int count)
    {
        var random = new SystemRandom();
        for (var i = 0; i < count; i++)
            yield return held.Token is { } token
                ? held with { Token = token with { AccessToken = OfAnother(token.AccessToken, random) } }
                : held with { Username = NameLike(held.Username, random) };
    }

    /// <summary>The nonce, which names the registration, begins after its length (RFC 7635 §6.2).</summary>
    static Bytes OfAnother(Bytes token, IRandom random)
    {
        var changed = token.Span.ToArray();
        random.Fill(changed.AsSpan(2, TokenSeal.IdLength));
        return Bytes.Copy(changed);
    }

    /// <summary>An expiry is kept: with another one the thief would not even be looked at.</summary>
    static string NameLike(string name, IRandom random) =>
        name[..(name.IndexOf(':') + 1)] + random.NextToken(TimeLimitedCredential.FewestOpaque);
}
