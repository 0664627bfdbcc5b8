using Portunus.Assessment.Architecture;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>Interfaces, headers and attributes are counted from what was seen, against a network without a solution.</summary>
public sealed class SeenTests
{
    static readonly Seen Baseline = new(
        ["Via", "Contact"], ["REGISTER"], ["Username"], [("WIC", "eP-CSCF", "SIP/WSS", "W2", 4), ("WIC", "TURN", "STUN/UDP", "STUN", 9)]);

    [Fact]
    public void What_the_network_has_anyway_is_not_new()
    {
        var result = Baseline.Beyond(Baseline, Way.A1, hasFeed: false);
        Assert.Equal(2, result.Interfaces.Count);
        Assert.DoesNotContain(result.Interfaces, one => one.IsNew);
        Assert.Empty(result.NewOnTheWire);
    }

    [Fact]
    public void One_pair_of_entities_more_is_one_interface_more()
    {
        var more = Baseline with { Pairs = [.. Baseline.Pairs, ("eP-CSCF", "TURN", "HTTPS", "credentials", 2)] };
        var added = Assert.Single(more.Beyond(Baseline, Way.A2Push, hasFeed: false).Interfaces, one => one.IsNew);
        Assert.Equal(("eP-CSCF", "TURN", "HTTPS", 2L), (added.From, added.To, added.Protocol, added.Messages));
    }

    [Fact]
    public void The_same_pair_in_another_protocol_is_another_interface_and_in_the_same_it_is_none()
    {
        var again = Baseline with
        {
            Pairs = [.. Baseline.Pairs, ("WIC", "TURN", "STUN/TCP", "a", 1), ("WIC", "eP-CSCF", "SIP/WSS", "b", 1)],
        };
        var added = again.Beyond(Baseline, Way.A1, hasFeed: false).Interfaces.Where(one => one.IsNew);
        Assert.Equal(["STUN/TCP"], added.Select(one => one.Protocol));
    }

    [Fact]
    public void A_header_counts_once_whatever_its_case()
    {
        var more = Baseline with { Headers = ["via", "Turn-Credential", "TURN-CREDENTIAL"] };
        Assert.Equal(1, more.FiguresBeyond(Baseline, Way.A1).First().Value);
    }
}
