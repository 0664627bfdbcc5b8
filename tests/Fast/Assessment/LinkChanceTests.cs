using Portunus.Assessment.Links;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

/// <summary>What an emulated network loses, and what a loss costs.</summary>
public class LinkChanceTests
{
    const int Draws = 100_000;

    static LinkModel Model(ulong seed, double loss = 0.03) => new(seed, new(50, loss));

    static string Losses(LinkModel model, string link = "STUN", int flow = 0, bool isUp = true)
    {
        var chance = model.ChanceOf(link, flow, isUp);
        return string.Concat(Enumerable.Range(0, 1000).Select(_ => chance.LosesDatagram(model.Network.Loss) ? 'x' : '.'));
    }

    [Fact]
    public void The_same_seed_loses_the_same_datagrams() => Assert.Equal(Losses(Model(7)), Losses(Model(7)));

    [Fact]
    public void Another_seed_link_flow_or_direction_loses_others()
    {
        string[] all =
        [
            Losses(Model(7)), Losses(Model(8)), Losses(Model(7), link: "Mw"), Losses(Model(7), flow: 1), Losses(Model(7), isUp: false),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.03)]
    public void The_share_that_is_lost_is_within_four_standard_deviations(double loss)
    {
        var deviation = Math.Sqrt(loss * (1 - loss) / Draws);
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var chance = Model((ulong)seed).ChanceOf("STUN", 0, isUp: true);
            var share = Enumerable.Range(0, Draws).Count(_ => chance.LosesDatagram(loss)) / (double)Draws;
            Assert.InRange(share, loss - (4 * deviation), loss + (4 * deviation));
        }
    }

    [Fact]
    public void Without_loss_nothing_is_lost()
    {
        Assert.DoesNotContain('x', Losses(Model(7, loss: 0)));
        Assert.Equal(new(TimeSpan.Zero, 0, false), Model(7).ChanceOf("W2", 0, isUp: true).Segment(0, LinkChance.Rto));
        Assert.Equal(new(TimeSpan.Zero, 0, false), Model(7).ChanceOf("W2", 0, isUp: true).Syn(0));
    }

    [Fact]
    public void Each_loss_of_a_segment_adds_an_RTO_which_doubles()
    {
        var chance = Model(7).ChanceOf("W2", 0, isUp: true);
        var fates = Enumerable.Range(0, Draws).Select(_ => chance.Segment(0.3, LinkChance.Rto)).ToLookup(fate => fate.Losses);
        double[] seconds = [0, 1, 1 + 2, 1 + 2 + 4, 1 + 2 + 4 + 8, 1 + 2 + 4 + 8 + 16, 1 + 2 + 4 + 8 + 16 + 32];
        foreach (var (losses, added) in seconds.Index())
        {
            Assert.NotEmpty(fates[losses]);
            Assert.All(fates[losses], fate => Assert.Equal(new(TimeSpan.FromSeconds(added), losses, false), fate));
        }
    }

    [Fact]
    public void A_segment_that_is_always_lost_ends_its_connection_after_more_than_the_100_seconds_of_RFC_9293()
    {
        var fate = Model(7).ChanceOf("W2", 0, isUp: true).Segment(1, LinkChance.Rto);
        Assert.Equal(new(TimeSpan.FromSeconds(1 + 2 + 4 + 8 + 16 + 32 + 60), 7, true), fate);
    }

    [Fact]
    public void A_SYN_is_lost_twice_as_often_since_its_answer_may_be()
    {
        const double loss = 0.03;
        const double either = 1 - ((1 - loss) * (1 - loss));
        var chance = Model(7).ChanceOf("W2", 0, isUp: true);
        var fates = Enumerable.Range(0, Draws).Select(_ => chance.Syn(loss)).ToList();
        var deviation = Math.Sqrt(either * (1 - either) / Draws);
        Assert.InRange(
            fates.Count(fate => fate.Losses > 0) / (double)Draws, either - (4 * deviation), either + (4 * deviation));
        Assert.All(fates.Where(fate => fate.Losses == 1), fate => Assert.Equal(TimeSpan.FromSeconds(1), fate.Added));
    }

    [Fact]
    public void A_link_may_have_a_round_trip_of_its_own_and_the_network_may_change()
    {
        var model = Model(7);
        model.Network = new(20, 0) { Links = new Network(0, 0).Links.Add("Mw", 3) };
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), model.OneWay("Mw"));
        Assert.Equal(TimeSpan.FromMilliseconds(10), model.OneWay("W2"));
    }
}
