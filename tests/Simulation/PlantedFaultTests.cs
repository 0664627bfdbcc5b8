using Portunus.Simulation;

namespace Portunus.Tests.Simulation;

/// <summary>
/// Every law can fail: a defect put in on purpose breaks the law that is there for it, in some seed out of a few.
/// </summary>
public sealed class PlantedFaultTests
{
    [Theory]
    [InlineData(nameof(Plant.CredentialInRefusal), Laws.CredentialPlaces)]
    [InlineData(nameof(Plant.CredentialOnMw), Laws.NothingOnMw)]
    [InlineData(nameof(Plant.TokenOnMw), Laws.NothingOnMw)]
    [InlineData(nameof(Plant.NoWithdrawal), Laws.PushedLives)]
    [InlineData(nameof(Plant.WrongIdentity), Laws.AssertedIdentity)]
    [InlineData(nameof(Plant.AuthorizationToCallee), Laws.NoAuthorization)]
    [InlineData(nameof(Plant.InviteAfterDeregistration), Laws.NoInviteAfterwards)]
    [InlineData(nameof(Plant.SocketLeak), Laws.OneAllocationAPort)]
    [InlineData(nameof(Plant.SharedPort), Laws.OneAllocationAPort)]
    [InlineData(nameof(Plant.RandomSteering), Laws.OneWorker)]
    [InlineData(nameof(Plant.PortLeak), Laws.NothingLeft)]
    [InlineData(nameof(Plant.WrongClient), Laws.OnlyPartners)]
    [InlineData(nameof(Plant.Corruption), Laws.ContentIntact)]
    [InlineData(nameof(Plant.UnmintedUser), Laws.OnlyMintedUsers)]
    [InlineData(nameof(Plant.NoQuota), Laws.Quota)]
    [InlineData(nameof(Plant.DeafEdge), Laws.EndedByCore)]
    [InlineData(nameof(Plant.AskAndAct), Laws.AskOrAct)]
    [InlineData(nameof(Plant.BusyLoop), "after OnDeadline a node's next deadline lies in the future: turn")]
    public void A_planted_defect_breaks_its_law(string plant, string law)
    {
        var broken = Enumerable.Range(1, 8)
            .Select(seed => Record.Exception(() => new Scenario((ulong)seed, Enum.Parse<Plant>(plant)).Run()) as LawBroken)
            .FirstOrDefault(found => found is not null);
        Assert.NotNull(broken);
        Assert.Equal(law, broken.Sentence);
        Assert.Contains("./test sim", broken.Message, StringComparison.Ordinal);
    }
}
