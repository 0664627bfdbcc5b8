using System.Globalization;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>
/// Approach 2 in virtual time: the machine of the edge and the tables of three TURN servers, joined by links that behave as the
/// rows of the failure table say (docs/approach2.md). <c>SEED=n TROUBLE=row ./test sim</c> repeats one world.
/// </summary>
public sealed class TransferTests
{
    const int Seeds = 200;

    [Theory]
    [InlineData(nameof(Trouble.Calm))]
    [InlineData(nameof(Trouble.PushesLost))]
    [InlineData(nameof(Trouble.PushesLate))]
    [InlineData(nameof(Trouble.PushesDoubled))]
    [InlineData(nameof(Trouble.PushesReordered))]
    [InlineData(nameof(Trouble.OneOfThreeDown))]
    [InlineData(nameof(Trouble.EdgeRestarts))]
    [InlineData(nameof(Trouble.TurnRestarts))]
    [InlineData(nameof(Trouble.WithdrawalsLost))]
    [InlineData(nameof(Trouble.WithdrawalsOvertake))]
    [InlineData(nameof(Trouble.ClocksDiffer))]
    [InlineData(nameof(Trouble.Everything))]
    public void No_law_is_broken_whatever_goes_wrong_between_an_edge_and_its_TURN_servers(string row)
    {
        var trouble = Enum.Parse<Trouble>(row);
        var one = Environment.GetEnvironmentVariable("TROUBLE") == row ? Environment.GetEnvironmentVariable("SEED") : null;
        ulong[] seeds = one is { Length: > 0 }
            ? [ulong.Parse(one, CultureInfo.InvariantCulture)]
            : [.. Enumerable.Range(1, Seeds).Select(i => (ulong)i)];
        var facts = new TransferFacts[seeds.Length];
        // Two at a time: the budget is that of two cores.
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.For(0, seeds.Length, two, i => facts[i] = new TransferWorld(seeds[i], trouble).Run().Facts);
        int Sum(Func<TransferFacts, int> what) => facts.Sum(what);
        Console.WriteLine(
            $"{row}: pushes {Sum(f => f.Pushes)}, acknowledged by all {Sum(f => f.ByAll)}, by some {Sum(f => f.BySome)}, "
            + $"by none {Sum(f => f.ByNone)}; withdrawals {Sum(f => f.Withdrawals)}; "
            + $"revocations {Sum(f => f.Revocations)}, heard {Sum(f => f.RevocationsHeard)}, "
            + $"of relays {Sum(f => f.RelaysRevoked)}; older {Sum(f => f.OlderHeard)}, "
            + $"repeated {Sum(f => f.Repeated)}, "
            + $"wrong epochs {Sum(f => f.WrongEpochs)}, refused by clock {Sum(f => f.RefusedByClock)}, sets {Sum(f => f.Sets)}; "
            + $"relays {Sum(f => f.Relays)}, cut {Sum(f => f.RelaysCut)}; "
            + $"restarts of the edge {Sum(f => f.EdgeRestarts)}, of servers {Sum(f => f.TurnRestarts)}");
        if (seeds.Length == Seeds) AssertAlive(trouble, Sum);
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_to_the_byte()
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            Assert.Equal(Run().World.Hash, Run().World.Hash);

            TransferWorld Run() => new TransferWorld(seed, Trouble.Everything).Run();
        }
    }

    /// <summary>Every law can fail.</summary>
    [Theory]
    [InlineData(nameof(TransferPlant.NamesAll), nameof(Trouble.PushesLost), TransferLaws.AcknowledgedIsKnown)]
    [InlineData(nameof(TransferPlant.ForgetsWithdrawals), nameof(Trouble.WithdrawalsOvertake), TransferLaws.NeverAgain)]
    [InlineData(nameof(TransferPlant.LastComesFirst), nameof(Trouble.PushesReordered), TransferLaws.NewerHolds)]
    [InlineData(nameof(TransferPlant.IgnoresEpoch), nameof(Trouble.Everything), TransferLaws.NeverAgain)]
    [InlineData(nameof(TransferPlant.LosesOneOfASet), nameof(Trouble.TurnRestarts), TransferLaws.InStep)]
    [InlineData(nameof(TransferPlant.LetsRelaysRun), nameof(Trouble.Calm), TransferLaws.NoRelayWithout)]
    [InlineData(nameof(TransferPlant.WithdrawsOnce), nameof(Trouble.WithdrawalsLost), TransferLaws.InStep)]
    [InlineData(nameof(TransferPlant.RevokesOnce), nameof(Trouble.WithdrawalsLost), TransferLaws.RevokedAtLast)]
    [InlineData(nameof(TransferPlant.RevokesOnce), nameof(Trouble.TurnRestarts), TransferLaws.RevokedAtLast)]
    [InlineData(nameof(TransferPlant.RevokesLate), nameof(Trouble.Calm), TransferLaws.RevokedInTime)]
    [InlineData(nameof(TransferPlant.DeniesNothing), nameof(Trouble.Calm), TransferLaws.DeniedIsDenied)]
    [InlineData(nameof(TransferPlant.LetsRevokedRun), nameof(Trouble.Calm), TransferLaws.NoRelayOfRevoked)]
    [InlineData(nameof(TransferPlant.KeepsItsEpoch), nameof(Trouble.Everything), TransferLaws.NeverAgain)]
    public void A_planted_defect_breaks_its_law(string plant, string row, string law)
    {
        var (trouble, defect) = (Enum.Parse<Trouble>(row), Enum.Parse<TransferPlant>(plant));
        var broken = Enumerable.Range(1, 40)
            .Select(seed => Record.Exception(() => new TransferWorld((ulong)seed, trouble, defect).Run()) as LawBroken)
            // A defect may break other laws, too, and sooner.
            .FirstOrDefault(found => found?.Sentence == law);
        Assert.NotNull(broken);
        Assert.Contains($"TROUBLE={row} ./test sim", broken.Message, StringComparison.Ordinal);
    }

    /// <summary>A dead system breaks no law, so it must be seen to live, and the trouble to happen.</summary>
    static void AssertAlive(Trouble trouble, Func<Func<TransferFacts, int>, int> sum)
    {
        int pushes = sum(f => f.Pushes), all = sum(f => f.ByAll), some = sum(f => f.BySome);
        Assert.True(pushes > Seeds * 30 && sum(f => f.Withdrawals) > Seeds * 10, "there are registrations");
        Assert.True(sum(f => f.Relays) > Seeds * 5 && sum(f => f.RelaysCut) > Seeds * 5, "relays run and are cut");
        Assert.True(sum(f => f.Revocations) > Seeds * 2 && sum(f => f.RelaysRevoked) > Seeds, "registrations are revoked");
        Assert.True(trouble switch
        {
            // Some withdraw or renew before the answer is there.
            Trouble.Calm => all > pushes * 98 / 100 && sum(f => f.OlderHeard) == 0,
            Trouble.PushesLost => some > Seeds,
            Trouble.PushesLate => some > Seeds,
            Trouble.PushesDoubled => all > pushes * 98 / 100 && sum(f => f.Repeated) > pushes,
            Trouble.PushesReordered => sum(f => f.OlderHeard) > Seeds && sum(f => f.Repeated) > Seeds,
            Trouble.OneOfThreeDown => some > Seeds * 5 && all > Seeds * 5,
            Trouble.EdgeRestarts => sum(f => f.EdgeRestarts) == 2 * Seeds && sum(f => f.Sets) >= 9 * Seeds,
            Trouble.TurnRestarts => sum(f => f.TurnRestarts) == 4 * Seeds && sum(f => f.Sets) >= 6 * Seeds,
            Trouble.WithdrawalsLost => sum(f => f.RevocationsHeard) <= 3 * sum(f => f.Revocations) && all > pushes * 98 / 100,
            Trouble.WithdrawalsOvertake => sum(f => f.OlderHeard) > Seeds,
            Trouble.ClocksDiffer => sum(f => f.RefusedByClock) > Seeds && sum(f => f.EdgeRestarts) == Seeds,
            _ => sum(f => f.WrongEpochs) > 0 && sum(f => f.OlderHeard) > 0 && some > Seeds,
        }, "the trouble happens");
    }
}
