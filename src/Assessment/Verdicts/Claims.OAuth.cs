using System.Globalization;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Verdicts;

// P1 to P6: the tokens of the WAF.
public static partial class Claims
{
    static readonly Way[] OAuth = [Way.OAuthCold, Way.OAuthWarm, Way.OAuthPrefetched];

    static ClaimRule P1 => new(
        "P1", "OAuth leaves the signalling on W2 as it was.",
        "Confirmed when a run with OAuth shows no SIP header that a run without credentials has not, and a registration has as "
        + "many SIP messages as the least of all solutions; refuted otherwise.",
        evidence =>
        {
            var headers = OAuth.Select(way => evidence.Figure(FigureName.Protocol, FigureName.NewSipHeaders, way)).ToArray();
            if (headers.Any(figure => figure?.Value is null)) return Verdict.Open("The headers of a run with OAuth were not counted.");
            var mine = evidence.RegistrationLink(Way.OAuthWarm, RegistrationScenario.S2, LinkName.W2)?.Messages;
            var others = new[] { Way.A1, Way.A2Push, Way.Combined }
                .Select(way => evidence.RegistrationLink(way, RegistrationScenario.S2, LinkName.W2)?.Messages).ToArray();
            if (mine is null || others.Any(count => count is null))
                return Verdict.Open("The SIP messages of a registration in S2 were not counted.");
            var news = headers.Sum(figure => figure!.Value!.Value);
            string[] said = [$"{Text(news)} new SIP headers.", $"{Text(mine)} SIP messages a registration in S2, against "
            + $"{Text(others.Min())} at least."];
            return news == 0 && mine <= others.Min() ? Verdict.Confirmed(said) : Verdict.Refuted(said);
        });

    static ClaimRule P2 => new(
        "P2", "In S1 the WAF has authenticated nobody; if it issued TURN tokens all the same, anybody could have one.",
        "Confirmed when a client that signed in to the core alone is refused by the WAF, and its refusal says so; refuted when "
        + "it is given a token that relays.",
        evidence => InS1(evidence) switch
        {
            CellStatus.Impossible => Verdict.Confirmed(
                $"The WAF refuses: {evidence.Cells(Way.OAuthWarm, RegistrationScenario.S1)[0].Reason}"),
            CellStatus.Measured => Verdict.Refuted("A client of S1 relays with a token of the WAF."),
            _ => Verdict.Open("OAuth in S1 was not tried."),
        });

    static ClaimRule P3 => new(
        "P3", "So OAuth in S1 needs one function more, or an eP-CSCF that issues the tokens.",
        "Confirmed when OAuth is refused in S1 and Combined, whose eP-CSCF issues tokens, relays there; refuted when OAuth "
        + "relays in S1, or Combined does not.",
        evidence => (InS1(evidence), evidence.StatusOf(Way.Combined, RegistrationScenario.S1)) switch
        {
            (CellStatus.Impossible, CellStatus.Measured) => Verdict.Confirmed(
                "OAuth in S1 is refused; Combined in S1 relays."),
            (CellStatus.Measured, _) => Verdict.Refuted("OAuth relays in S1 as it is."),
            (CellStatus.Impossible, { } status) => Verdict.Refuted($"Combined in S1: {status}."),
            _ => Verdict.Open("OAuth or Combined in S1 was not tried."),
        });

    static ClaimRule P4 => new(
        "P4", "OAuth changes the call flow: an exchange by HTTPS comes before the session request, with more traffic and set-up time.",
        "For each variant: it changes the flow when HTTPS passes between click and media, and slows it when the median time to "
        + "the first relay candidate is above Approach 1's by more than 5 % and 2 ms in every network. Confirmed when all "
        + "variants do both, refuted when none does either, else it depends on the variant.",
        evidence =>
        {
            var found = OAuth.Select(way => CallFlow(evidence, way)).ToArray();
            if (found.Any(one => one is null)) return Verdict.Open("The calls of OAuth or of Approach 1 in S2 were not measured.");
            var said = found.Select(one => one!.Value.Said).ToArray();
            if (found.All(one => one!.Value is { HasHttps: true, IsSlower: true })) return Verdict.Confirmed(said);
            return found.All(one => one!.Value is { HasHttps: false, IsSlower: false })
                ? Verdict.Refuted(said)
                : Verdict.Depends("when the token is fetched", said);
        });

    static ClaimRule P5 => new(
        "P5", "OAuth changes TURN: clients and servers need RFC 7635.",
        "Confirmed when attributes pass that TURN without tokens has not, and an unmodified client does not relay; refuted when "
        + "neither is so; else it depends on the side.",
        evidence =>
        {
            var (attributes, plain) = (
                evidence.Figure(FigureName.Protocol, FigureName.NewStunAttributes, Way.OAuthWarm),
                evidence.Figure(FigureName.Protocol, FigureName.PlainTurnClient, Way.OAuthWarm));
            if (attributes?.Value is not { } count || plain?.Value is not { } relays)
                return Verdict.Open("Attributes were not counted, or no unmodified client was tried.");
            string[] said = [$"{Text(count)} new attributes: {attributes.Outcome}.", $"An unmodified client: {plain.Outcome}."];
            return (count > 0, relays == 0) switch
            {
                (true, true) => Verdict.Confirmed(said),
                (false, false) => Verdict.Refuted(said),
                _ => Verdict.Depends("the side that is looked at", said),
            };
        });

    static ClaimRule P6 => new(
        "P6", "With a WAF in another domain, for every new TURN server a key goes to every WAF.",
        "Sites touched when a TURN server is added, of N WAFs in a third party's domain. Confirmed when they are at least N "
        + "both with keys by hand and with fetched keys, refuted when with neither, else it depends on how keys are distributed.",
        evidence =>
        {
            var (manual, fetched) = (Added(evidence, "keys=manual"), Added(evidence, "keys=automatic"));
            if (manual is null || fetched is null) return Verdict.Open("No fleet was configured with keys by hand and with fetched "
            + "keys.");
            string[] said = [Sentence("by hand", manual), Sentence("fetched", fetched)];
            return (IsForEveryWaf(manual), IsForEveryWaf(fetched)) switch
            {
                (true, true) => Verdict.Confirmed(said),
                (false, false) => Verdict.Refuted(said),
                _ => Verdict.Depends("whether TURN servers fetch their keys (RFC 7635 §4.1.1)", said),
            };

            static string Sentence(string how, Figure figure) =>
                $"Keys {how}: {Text(figure.Value)} sites touched for one more TURN server ({figure.Setting}).";
        });

    static string? InS1(Evidence evidence)
    {
        var all = OAuth.Select(way => evidence.StatusOf(way, RegistrationScenario.S1)).Distinct().ToArray();
        return all.Length == 1 ? all[0] : all.Contains(CellStatus.Measured) ? CellStatus.Measured : null;
    }

    static (bool HasHttps, bool IsSlower, string Said)? CallFlow(Evidence evidence, Way way)
    {
        var link = evidence.CallLink(way, RegistrationScenario.S2, LinkName.Waf);
        var mine = evidence.Medians(way, RegistrationScenario.S2, MetricName.Candidate);
        var base1 = evidence.Medians(Way.A1, RegistrationScenario.S2, MetricName.Candidate);
        var pairs = mine.Join(base1, one => one.Network.ToString(), two => two.Network.ToString(),
            (one, two) => (one.Network, Mine: one.Median, Base: two.Median)).ToArray();
        if (link is null || pairs.Length == 0) return null;
        var slower = pairs.All(pair => pair.Mine - pair.Base > Math.Max(0.05 * pair.Base, 2));
        var times = string.Join(", ", pairs.Select(pair => $"{Text(pair.Mine)} ms against {Text(pair.Base)} ms at {pair.Network}"));
        return (link.Messages > 0, slower, $"{way}: {Text(link.Messages)} HTTP messages in a call; first relay candidate {times}.");
    }

    /// <summary>The largest fleet.</summary>
    static Figure? Added(Evidence evidence, string keys) => evidence
        .Figures(FigureName.Management, FigureName.SitesForTurn, "OAuth", $"{keys} waf=third-party")
        .Where(figure => figure.Value is not null && Evidence.Number(figure.Setting, "N") is > 1)
        .MaxBy(figure => Evidence.Number(figure.Setting, "N"));

    static bool IsForEveryWaf(Figure figure) => figure.Value >= Evidence.Number(figure.Setting, "N");

    static string Text(double? number) =>
        number is { } value ? Math.Round(value, value < 10 ? 2 : 0).ToString(CultureInfo.InvariantCulture) : "none";
}
