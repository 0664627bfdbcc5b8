using Portunus.Simulation;

namespace Portunus.Assessment.Links;

/// <summary>What is lost in one direction of one flow. The seed decides, whatever other flows do. For one thread at a time.</summary>
public sealed class LinkChance
{
    /// <summary>RFC 6298 §2.1: the RTO before a round trip was measured. §2.4: and at least, once it was; with the round trips of
    /// these networks the measured one always lies below it, so it stays at this.</summary>
    public static readonly TimeSpan Rto = TimeSpan.FromSeconds(1);

    /// <summary>RFC 6298 §5.7: the RTO of the first data after a SYN that was lost.</summary>
    public static readonly TimeSpan RtoAfterLostSyn = TimeSpan.FromSeconds(3);

    /// <summary>RFC 6298 §2.5: a bound of the RTO may be set if it is at least this.</summary>
    public static readonly TimeSpan LongestRto = TimeSpan.FromSeconds(60);

    /// <summary>RFC 9293 §3.8.3: a connection is given up after at least 100 s; seven losses of one segment are
    /// 1 + 2 + ... + 32 + 60 s.</summary>
    const int Patience = 7;

    readonly SeededRandom _random;

    /// <param name="seed">Of the flow and its direction.</param>
    public LinkChance(ulong seed) => _random = new(seed);

    /// <param name="loss">Share of lost datagrams, 0 to 1.</param>
    public bool LosesDatagram(double loss) => _random.Chance(loss);

    /// <summary>How much later a segment arrives because of its losses, each an RTO, which doubles (RFC 6298 §5.5).</summary>
    /// <param name="loss">Share of lost segments, 0 to 1.</param>
    /// <param name="rto">The RTO before the first loss.</param>
    public SegmentFate Segment(double loss, TimeSpan rto) => Send(() => _random.Chance(loss), rto);

    /// <summary>As <see cref="Segment"/>, of a SYN and the SYN-ACK: the loss of either costs the opener's RTO.</summary>
    public SegmentFate Syn(double loss) => Send(() => _random.Chance(loss) || _random.Chance(loss), Rto);

    static SegmentFate Send(Func<bool> loses, TimeSpan rto)
    {
        var (added, losses) = (TimeSpan.Zero, 0);
        while (loses())
        {
            added += rto;
            if (++losses == Patience) return new(added, losses, IsGivenUp: true);
            rto = rto * 2 < LongestRto ? rto * 2 : LongestRto;
        }

        return new(added, losses, IsGivenUp: false);
    }
}

/// <summary>What becomes of a segment.</summary>
/// <param name="Added">Time that its losses take.</param>
/// <param name="Losses">Times that it was lost.</param>
/// <param name="IsGivenUp">It was lost so often that the connection ends.</param>
public readonly record struct SegmentFate(TimeSpan Added, int Losses, bool IsGivenUp);
