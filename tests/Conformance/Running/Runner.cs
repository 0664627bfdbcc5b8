using System.Net.Sockets;
using System.Security.Authentication;
using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>Runs checks at a target, several at a time: each has five-tuples of its own, and most of them wait.</summary>
static class Runner
{
    const int AtOnce = 8;

    /// <summary>Every check by every transport of the target, in the order of checks and transports.</summary>
    /// <remarks>What failed is tried once more when nothing else runs: a machine that was busy is no finding.</remarks>
    /// <param name="slow">Whether checks that take more than ten seconds run, too.</param>
    public static IReadOnlyList<Verdict> Run(Target target, IEnumerable<Check> checks, bool slow)
    {
        var jobs = checks.SelectMany(check => target.Endpoints, (check, endpoint) => (check, endpoint)).ToArray();
        var verdicts = new Verdict[jobs.Length];
        InThreads(jobs.Length, AtOnce, i => verdicts[i] = Run(target, jobs[i].endpoint, jobs[i].check, slow));
        var failed = Enumerable.Range(0, jobs.Length).Where(i => verdicts[i].Outcome == Outcome.Failed).ToArray();
        InThreads(failed.Length, 4, i => verdicts[failed[i]] = Run(target, jobs[failed[i]].endpoint, jobs[failed[i]].check, slow));
        return verdicts;
    }

    /// <summary>One check by one transport.</summary>
    public static Verdict Run(Target target, Endpoint endpoint, Check check, bool slow)
    {
        Verdict As(Outcome outcome, string why) => new(check, endpoint.Transport, outcome, why);
        if (target.Lacks(check.Needs, endpoint, slow) is { } missing)
            return As(missing == nameof(Needs.Slow) ? Outcome.Slow : Outcome.NotOffered, missing);
        using var trial = new Trial(target, endpoint);
        try
        {
            check.Run(trial);
            return As(Outcome.Passed, "");
        }
        catch (NotOfferedException without)
        {
            return As(Outcome.NotOffered, without.Message);
        }
        catch (CheckFailedException finding)
        {
            return target.Declines.TryGetValue(check.Name, out var reason)
                ? As(Outcome.Declined, reason)
                : As(Outcome.Failed, finding.Message);
        }
        catch (Exception unreachable) when (unreachable
            is SocketException or IOException or OperationCanceledException or AuthenticationException or FormatException)
        {
            return As(Outcome.Failed, unreachable.Message);
        }
    }

    static void InThreads(int count, int atOnce, Action<int> run)
    {
        var next = -1;
        Exception? broken = null;
        var threads = Enumerable.Range(0, Math.Min(atOnce, count)).Select(_ => new Thread(() =>
        {
            try
            {
                while (Interlocked.Increment(ref next) is var i && i < count) run(i);
            }
            catch (Exception fault)
            {
                broken = fault; // A fault of a check itself: whoever waits for the threads throws it.
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (broken is not null) throw new InvalidOperationException("a check is faulty", broken);
    }
}
