using Portunus.Epcscf;

namespace Portunus.Assessment.Scale;

/// <summary>How often a TURN server is told something while registrations are refreshed.</summary>
/// <param name="PerSecond">Statements.</param>
/// <param name="Said">How they were counted.</param>
sealed record ScaleUpdates(double PerSecond, string Said)
{
    /// <summary>The registrations begin one after the other over one interval, and are counted over the next, which is like all that
    /// follow.</summary>
    /// <param name="way">The solution.</param>
    /// <param name="users">Of one eP-CSCF and one TURN server.</param>
    /// <param name="lifetime">Seconds of a registration, from 600 to 3600.</param>
    public static ScaleUpdates Of(ScaleWay way, int users, int lifetime)
    {
        var interval = IntervalOf(lifetime);
        var joined = new JoinedTransfer(ScaleState.Start);
        var provisioning = way.Provisioning();
        var before = 0L;
        for (var round = 0; round < 2; round++)
        {
            before = joined.Statements;
            for (var user = 0; user < users; user++)
            {
                var now = ScaleState.Start + TimeSpan.FromSeconds(interval * (round + ((double)user / users)));
                joined.Pass(now);
                var wish = ScaleState.Wish(way, user, now, lifetime);
                if (provisioning.Provide(now, wish) is not Provision.Asked { Question: EdgeQuestion.Tell question }) continue;
                var answer = joined.Answer(now, question);
                provisioning.Provide(now, wish with { Heard = (question, answer) });
                // In pull a server hears of refreshes only when it has asked.
                if (way.IsPull && round == 0) joined.Ask(now, question.Credential.Username);
            }
        }

        var statements = joined.Statements - before;
        var perSecond = (double)statements / interval;
        return new(
            perSecond,
            $"{statements} statements in {interval} s of virtual time, which is the time between two refreshes, of {users} users with "
            + $"registrations of {lifetime} s"
            + (way.IsTold ? "; beside them one poll a second" : "; there is no interface to tell it by")
            + (way.IsPull ? "; every user has allocated here once, and of one who has not nothing is said" : ""));
    }

    /// <summary>TS 24.229 §5.1.1.4.1: refreshed 600 s before its end, or at half of it where it is 1200 s or less.</summary>
    static int IntervalOf(int lifetime) => lifetime > 1200 ? lifetime - 600 : lifetime / 2;
}
