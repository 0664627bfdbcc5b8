using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Verdicts;

// P7 to P12: the credentials of the eP-CSCF.
public static partial class Claims
{
    static readonly Way[] Approach2 = [Way.A2Push, Way.A2Pull, Way.A2Integrated];
    static readonly Way[] Approaches = [Way.A1, .. Approach2];

    static ClaimRule P7 => new(
        "P7", "Approach 1 adds no interface in any scenario.",
        "Confirmed when the run of Approach 1, without the revocation feed, has no pair of entities and protocol that a run "
        + "without credentials has not; refuted when it has one.",
        evidence =>
        {
            if (evidence.Architecture(Way.A1) is not { } seen) return Verdict.Open("The connections of Approach 1 were not observed.");
            var news = News(seen);
            var keys = evidence.Measured(Way.A1, RegistrationScenario.S1).FirstOrDefault()?.Keys;
            List<string> said = [$"New interfaces: {List(news)}.", $"Shared secrets all the same: {Text(keys)}."];
            if (evidence.Architecture(Way.A1, hasFeed: true) is { } fed) said.Add($"With the revocation feed: {List(News(fed))}.");
            return news.Count == 0 ? Verdict.Confirmed(said) : Verdict.Refuted(said);
        });

    static ClaimRule P8 => new(
        "P8", "Neither approach changes how a call is set up.",
        "Confirmed when the caller's SIP messages between click and media are as many as with the baseline S0, in S1, and no "
        + "SIP method is new; refuted otherwise.",
        evidence =>
        {
            var baseline = evidence.CallLink(Way.S0, RegistrationScenario.S1, LinkName.W2)?.Messages;
            var counts = Approaches.Select(way => (Way: way,
                evidence.CallLink(way, RegistrationScenario.S1, LinkName.W2)?.Messages)).ToArray();
            var methods = Approaches.Select(way => evidence.Figure(FigureName.Protocol, FigureName.NewSipMethods, way)?.Value).ToArray();
            if (baseline is null || counts.Any(one => one.Messages is null) || methods.Any(value => value is null))
                return Verdict.Open("The messages of a call were not counted for each approach and the baseline.");
            string[] said =
            [
                $"{Text(baseline)} SIP messages with S0.", .. counts.Select(one => $"{Text(one.Messages)} with {one.Way}."),
                $"New SIP methods: {Text(methods.Sum())}.",
            ];
            return counts.All(one => one.Messages == baseline) && methods.Sum() == 0 ? Verdict.Confirmed(said) : Verdict.Refuted(said);
        });

    static ClaimRule P9 => new(
        "P9", "Both need a new header, to ask for a credential and to return it.",
        "Confirmed when a run of each approach shows at least two SIP headers that a run without credentials has not; refuted "
        + "when one shows none; else it depends on the approach.",
        evidence =>
        {
            var headers = Approaches
                .Select(way => (Way: way, Figure: evidence.Figure(FigureName.Protocol, FigureName.NewSipHeaders, way))).ToArray();
            if (headers.Any(one => one.Figure?.Value is null)) return Verdict.Open("The headers of an approach were not counted.");
            var said = headers.Select(one => $"{one.Way}: {Text(one.Figure!.Value)} ({one.Figure.Outcome}).").ToArray();
            return headers.All(one => one.Figure!.Value >= 2) ? Verdict.Confirmed(said)
                : headers.Any(one => one.Figure!.Value == 0) ? Verdict.Refuted(said)
                : Verdict.Depends("the approach", said);
        });

    static ClaimRule P10 => new(
        "P10", "Neither changes ICE or TURN.",
        "Confirmed when no STUN attribute is new and an unmodified RFC 8656 client relays with each approach, and so does a "
        + "stock browser where one was tried; refuted otherwise.",
        evidence =>
        {
            var found = Approaches.Select(way => (
                Way: way,
                Attributes: evidence.Figure(FigureName.Protocol, FigureName.NewStunAttributes, way)?.Value,
                Plain: evidence.Figure(FigureName.Protocol, FigureName.PlainTurnClient, way)?.Value,
                Browser: evidence.Figure(FigureName.Protocol, FigureName.StockBrowser, way)?.Value)).ToArray();
            if (found.Any(one => one.Attributes is null || one.Plain is null))
                return Verdict.Open("Attributes were not counted, or no unmodified client was tried, for each approach.");
            var said = found.Select(one => $"{one.Way}: {Text(one.Attributes)} new attributes; an unmodified client relays: "
                + $"{YesNo(one.Plain)}; a stock browser: {YesNo(one.Browser)}.").ToArray();
            return found.All(one => one is { Attributes: 0, Plain: 1, Browser: null or 1 })
                ? Verdict.Confirmed(said)
                : Verdict.Refuted(said);
        });

    static ClaimRule P11 => new(
        "P11", "Neither burdens network management, since the eP-CSCF is the operator's.",
        "Looks at the secrets installed and at the sites touched when a WAF is added, over the numbers of WAFs that were "
        + "configured. Refuted when either grows with the number of WAFs, or a secret leaves the operator; confirmed when nothing "
        + "is installed at all; else it depends.",
        evidence =>
        {
            var found = Approaches.Select(way => way.Solution).Distinct().Select(solution => Burden(evidence, solution)).ToArray();
            if (found.Any(one => one is null)) return Verdict.Open("No fleet of each approach was configured with several WAFs.");
            var said = found.Select(one => one!.Value.Said).ToArray();
            if (found.Any(one => one!.Value.Grows)) return Verdict.Refuted(said);
            return found.All(one => one!.Value.Secrets == 0)
                ? Verdict.Confirmed(said)
                : Verdict.Depends("whether the operator's own secrets and certificates count; no WAF adds to them", said);
        });

    static ClaimRule P12 => new(
        "P12", "Approach 2 needs a new interface, unless the TURN server is part of the media gateway.",
        "Confirmed when the runs of push and pull show a pair of entities and protocol that a run without credentials has not, "
        + "and that of the integrated variant shows none; refuted otherwise.",
        evidence =>
        {
            var seen = Approach2.Select(way => (Way: way, Architecture: evidence.Architecture(way))).ToArray();
            if (seen.Any(one => one.Architecture is null)) return Verdict.Open("The connections of a variant were not observed.");
            var news = seen.Select(one => (one.Way, News: News(one.Architecture!))).ToArray();
            var said = news.Select(one => $"{one.Way}: {List(one.News)}.").ToArray();
            return news.All(one => one.News.Count > 0 == (one.Way != Way.A2Integrated)) ? Verdict.Confirmed(said) : Verdict.Refuted(said);
        });

    static IReadOnlyList<SeenInterface> News(ArchitectureResult seen) => [.. seen.Interfaces.Where(one => one.IsNew)];

    static string List(IReadOnlyList<SeenInterface> interfaces) => interfaces.Count == 0
        ? "none"
        : string.Join(", ", interfaces.Select(one => $"{one.From} to {one.To} by {one.Protocol}"));

    static string YesNo(double? value) => value switch { 1 => "yes", 0 => "no", _ => "not tried" };

    static (bool Grows, double Secrets, string Said)? Burden(Evidence evidence, string solution)
    {
        var keys = ByWafs(evidence, FigureName.KeysInstalled, solution);
        var sites = ByWafs(evidence, FigureName.SitesForWaf, solution);
        var outside = evidence.Figures(FigureName.Management, FigureName.KeysOutside, solution).Max(figure => figure.Value);
        if (keys.Length < 2 || sites.Length < 2) return null;
        var grows = keys[^1].Value > keys[0].Value || sites.Any(figure => figure.Value > 0) || outside > 0;
        return (grows, keys[0].Value ?? 0,
            $"{solution}: {Text(keys[0].Value)} secrets and certificates ({keys[0].Setting}), {Text(keys[^1].Value)} "
            + $"({keys[^1].Setting}); "
            + $"{Text(sites.Max(figure => figure.Value))} sites touched for one more WAF.");
    }

    /// <summary>Fleets that differ in the number of WAFs alone, the least first.</summary>
    static Figure[] ByWafs(Evidence evidence, string subject, string solution) => evidence
        .Figures(FigureName.Management, subject, solution)
        .Where(figure => figure.Value is not null && Evidence.Number(figure.Setting, "N") is not null)
        .GroupBy(figure => (Evidence.Number(figure.Setting, "M"), Evidence.Number(figure.Setting, "P"), figure.Variant))
        .OrderByDescending(group => group.Select(figure => Evidence.Number(figure.Setting, "N")).Distinct().Count())
        .FirstOrDefault()?.OrderBy(figure => Evidence.Number(figure.Setting, "N")).ToArray() ?? [];
}
