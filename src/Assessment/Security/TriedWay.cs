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

    /// <summary>Whether the TURN server is told of that end, so that the credential must end, too. The feed of an eP-CSCF tells of
    /// registrations, that of a WAF of access tokens, and neither of the other.</summary>
    public bool IsTold(RegistrationEnd end) => Way.Solution switch
    {
        "A2" => end != RegistrationEnd.Waf,
        "OAuth" => HasFeed && end == RegistrationEnd.Waf,
        _ => HasFeed && end != RegistrationEnd.Waf,
    };

    /// <summary>Ends that are tried. A WAF has a word in it where the TURN credential is its own.</summary>
    public IReadOnlyList<RegistrationEnd> Ends(AssessmentPlan plan) =>
    [
        .. Enum.GetValues<RegistrationEnd>().Where(end => end == RegistrationEnd.Waf
            ? plan.IsThorough && Way.Solution == "OAuth"
            : plan.IsThorough || end == RegistrationEnd.Core),
    ];

    /// <summary>Without the feed.</summary>
    public static IReadOnlyList<TriedWay> Of(AssessmentPlan plan) => Among(plan, plan.IsThorough
        ? [.. Each, new(Way.A2Pull), new(Way.A2Integrated)]
        : Each);

    /// <summary>With it, where the solution itself has no such thing.</summary>
    public static IReadOnlyList<TriedWay> FedOf(AssessmentPlan plan) => Among(plan, plan.IsThorough
        ? [new(Way.A1, true), new(Way.OAuthWarm, true), new(Way.Combined, true)]
        : [new(Way.A1, true)]);

    static IReadOnlyList<TriedWay> Among(AssessmentPlan plan, IReadOnlyList<TriedWay> all) =>
        [.. plan.Among(all, tried => tried.Way)];

    static IReadOnlyList<TriedWay> Each { get; } =
        [new(Way.S0), new(Way.OAuthWarm), new(Way.A1), new(Way.A2Push), new(Way.Combined)];

    public override string ToString() => $"{Way}, {Setting}";
}
