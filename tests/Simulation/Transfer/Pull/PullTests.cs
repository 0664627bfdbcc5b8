using System.Globalization;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>
/// Pull in virtual time: edges that keep credentials, TURN servers that ask for them at an Allocate, and links that behave as the rows
/// of the failure table say (docs/approach2.md). <c>SEED=n TROUBLE=row ./test sim</c> repeats one world.
/// </summary>
public sealed class PullTests
{
    const int Seeds = 200;

    [Theory]
    [InlineData(nameof(PullTrouble.Calm))]
    [InlineData(nameof(PullTrouble.AnswersLost))]
    [InlineData(nameof(PullTrouble.AnswersLate))]
    [InlineData(nameof(PullTrouble.AnswersOvertaken))]
    [InlineData(nameof(PullTrouble.EdgeDown))]
    [InlineData(nameof(PullTrouble.TurnRestarts))]
    [InlineData(nameof(PullTrouble.EdgeRestarts))]
    [InlineData(nameof(PullTrouble.TwoEdges))]
    [InlineData(nameof(PullTrouble.Everything))]
    public void No_law_is_broken_whatever_goes_wrong_when_TURN_servers_ask(string row)
    {
        var trouble = Enum.Parse<PullTrouble>(row);
        var one = Environment.GetEnvironmentVariable("TROUBLE") == row ? Environment.GetEnvironmentVariable("SEED") : null;
        ulong[] seeds = one is { Length: > 0 }
            ? [ulong.Parse(one, CultureInfo.InvariantCulture)]
            : [.. Enumerable.Range(1, Seeds).Select(i => (ulong)i)];
        var facts = new PullFacts[seeds.Length];
        // Two at a time: the budget is that of two cores.
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.For(0, seeds.Length, two, i => facts[i] = new PullWorld(seeds[i], trouble).Run().Facts);
        int Sum(Func<PullFacts, int> what) => facts.Sum(what);
        Console.WriteLine(
            $"pull, {row}: kept {Sum(f => f.Kept)}, calls {Sum(f => f.Calls)}, served {Sum(f => f.Served)}, of them known "
            + $"{Sum(f => f.Known)}; questions {Sum(f => f.Questions)}, found {Sum(f => f.Found)}, disclaimed "
            + $"{Sum(f => f.Disclaimed)}, unavailable {Sum(f => f.Unavailable)}, silent {Sum(f => f.Silent)}, overtaken "
            + $"{Sum(f => f.Overtaken)}, wrong epochs {Sum(f => f.WrongEpochs)}, asked again {Sum(f => f.AskedAgain)}; withdrawals "
            + $"{Sum(f => f.Withdrawals)}, relays cut {Sum(f => f.RelaysCut)}; restarts {Sum(f => f.Restarts)}");
        if (seeds.Length == Seeds) AssertAlive(trouble, Sum);
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_to_the_byte()
    {
        foreach (var seed in new ulong[] { 1, 2 }) Assert.Equal(Hash(seed), Hash(seed));

        static ulong Hash(ulong seed) => new PullWorld(seed, PullTrouble.Everything).Run().World.Hash;
    }

    /// <summary>Every law can fail.</summary>
    [Theory]
    [InlineData(nameof(PullPlant.AsksAlways), nameof(PullTrouble.Calm), PullLaws.KnownIsServed)]
    [InlineData(nameof(PullPlant.NumbersAnew), nameof(PullTrouble.AnswersOvertaken), PullLaws.NeverAgain)]
    [InlineData(nameof(PullPlant.IgnoresEpoch), nameof(PullTrouble.EdgeRestarts), PullLaws.NeverAgain)]
    [InlineData(nameof(PullPlant.KeepsFirstEpoch), nameof(PullTrouble.Calm), PullLaws.InOneQuestion)]
    [InlineData(nameof(PullPlant.ForgetsUnknown), nameof(PullTrouble.Calm), PullLaws.QuestionsAreBounded)]
    [InlineData(nameof(PullPlant.HidesSources), nameof(PullTrouble.Calm), PullLaws.QuestionsAreBounded)]
    public void A_planted_defect_breaks_its_law(string plant, string row, string law)
    {
        var (trouble, defect) = (Enum.Parse<PullTrouble>(row), Enum.Parse<PullPlant>(plant));
        var broken = Enumerable.Range(1, 40)
            .Select(seed => Record.Exception(() => new PullWorld((ulong)seed, trouble, defect).Run()) as LawBroken)
            // A defect may break other laws, too, and sooner.
            .FirstOrDefault(found => found?.Sentence == law);
        Assert.NotNull(broken);
        Assert.Contains($"TROUBLE={row} ./test sim", broken.Message, StringComparison.Ordinal);
    }

    /// <summary>A dead system breaks no law, so it must be seen to live, and the trouble to happen.</summary>
    static void AssertAlive(PullTrouble trouble, Func<Func<PullFacts, int>, int> sum)
    {
        Assert.True(sum(f => f.Kept) > Seeds * 20 && sum(f => f.Withdrawals) > Seeds * 5, "there are registrations");
        Assert.True(sum(f => f.Served) > Seeds * 30 && sum(f => f.Known) > Seeds * 10, "calls are served");
        Assert.True(sum(f => f.Found) > Seeds * 10 && sum(f => f.Disclaimed) > Seeds * 15, "edges are asked, and answer");
        Assert.True(sum(f => f.RelaysCut) > Seeds * 5, "relays are cut");
        Assert.True(trouble switch
        {
            PullTrouble.Calm => sum(f => f.Silent) == 0 && sum(f => f.WrongEpochs) == 0,
            PullTrouble.AnswersLost or PullTrouble.AnswersLate or PullTrouble.EdgeDown => sum(f => f.Silent) > Seeds,
            PullTrouble.AnswersOvertaken => sum(f => f.Overtaken) > Seeds / 10,
            PullTrouble.EdgeRestarts => sum(f => f.Restarts) == 3 * Seeds && sum(f => f.WrongEpochs) > 0,
            PullTrouble.TurnRestarts => sum(f => f.Restarts) == 4 * Seeds,
            PullTrouble.TwoEdges => sum(f => f.Silent) == 0,
            _ => sum(f => f.Silent) > Seeds && sum(f => f.Overtaken) > 0 && sum(f => f.WrongEpochs) > 0 && sum(f => f.AskedAgain) > 0,
        }, "the trouble happens");
    }
}
