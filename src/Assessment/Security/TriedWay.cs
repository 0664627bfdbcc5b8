using Portunus.Assessment.Study;

namespace Portunus.Assessment.Security;

/// <summary>A solution as experiments of security try it.</summary>
/// <param name="Way">What the system is.</param>
/// <param name="HasFeed">Whether the end of a registration is told to the TURN server where the solution itself does not tell it.</param>
sealed record TriedWay(Way Way, bool HasFeed = false)
{
    /// <summary>A token of the WAF is the same thing whenever it was fetched: tried once for all variants.</summary>
    public string Variant => Way.Solution == "OAuth" ? "-" : Way.Variant;

    public string Setting => HasFeed ? "feed=on" : "feed=off";

    /// <summary>Whether the TURN server is told of the end of a registration, so that its credential must end, too; null where
    /// the design says nothing: a feed of registrations and tokens that no registration gave.</summary>
    public bool? IsTold => (Way.Solution, HasFeed) switch
    {
        ("A2", _) => true,
        ("OAuth", true) => null,
        (_, var feed) => feed,
    };

    /// <summary>Without the feed.</summary>
    public static IReadOnlyList<TriedWay> Of(AssessmentPlan plan) => plan.IsThorough
        ? [.. Each, new(Way.A2Pull), new(Way.A2Integrated)]
        : Each;

    /// <summary>With it, where the solution itself has no such thing.</summary>
    public static IReadOnlyList<TriedWay> FedOf(AssessmentPlan plan) => plan.IsThorough
        ? [new(Way.A1, true), new(Way.OAuthWarm, true), new(Way.Combined, true)]
        : [new(Way.A1, true)];

    static IReadOnlyList<TriedWay> Each { get; } =
        [new(Way.S0), new(Way.OAuthWarm), new(Way.A1), new(Way.A2Push), new(Way.Combined)];

    public override string ToString() => $"{Way}, {Setting}";
}
