using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;

namespace Portunus.Assessment.Report.Sections;

/// <summary>The table of the contribution, every entry made of figures of the run.</summary>
static class ContributionSection
{
    public static Section Of(AssessmentResult result) => new("contribution", "The table of the contribution, filled by measurement",
    [
        new Paragraph("Each entry is what this run saw, counted or timed. \"Not measured\" means that it was not looked at; it is no "
            + "result. " + Order(result) + Fleet(result)),
        new Table("Impact of each solution",
            ["solution", "scenarios", "network architecture", "session procedure", "existing protocol", "network management and deployment",
                "user experience", "WebRTC client"],
            [.. Way.All.Select(way => Row(new(result), way))]),
    ]);

    static string Order(AssessmentResult result) => Data.SocketNetworksOf(result) is { Count: > 0 } networks
        ? $"Times are medians over sockets for these networks, in this order: {string.Join("; ", networks.Select(Data.NameOf))}. "
        : "";

    static string Fleet(AssessmentResult result) => Data.Figures(result, FigureName.Management).ToArray() is { Length: > 0 } figures
        ? "Management is the most that any of the fleets needed, of up to "
            + $"N={Most(figures, "N")} WAFs, M={Most(figures, "M")} TURN servers and P={Most(figures, "P")} edges."
        : "";

    static int Most(Figure[] figures, string name) => figures.Max(figure => Evidence.Number(figure.Setting, name) ?? 0);

    static IReadOnlyList<Cell> Row(Evidence evidence, Way way) =>
    [
        way.ToString(), Scenarios(evidence, way), Architecture(evidence, way), Session(evidence, way), Protocol(evidence, way),
        Management(evidence, way), Experience(evidence, way), Client(evidence, way),
    ];

    static Cell Scenarios(Evidence evidence, Way way)
    {
        var all = Enum.GetValues<RegistrationScenario>()
            .Select(scenario => (Scenario: scenario, Status: evidence.StatusOf(way, scenario))).ToArray();
        return new(
            [.. all.Select(one => $"{one.Scenario}: {(one.Status == CellStatus.Measured ? "relays" : one.Status ?? Words.NotMeasured)}")],
            all.All(one => one.Status == CellStatus.Measured) ? Tone.Good
                : all.Any(one => one.Status is null or CellStatus.Failed) ? Tone.Missing : Tone.Depends);
    }

    static Cell Architecture(Evidence evidence, Way way)
    {
        if (evidence.Architecture(way) is not { } seen) return new(Words.NotMeasured, Tone.Missing);
        var news = seen.Interfaces.Where(one => one.IsNew).ToArray();
        List<string> lines =
        [
            $"{Words.Count(news.Length, "new interface", "new interfaces")} of {seen.Interfaces.Count}", .. news.Select(Name),
            $"{seen.Functions.Count} functions",
        ];
        if (evidence.Architecture(way, hasFeed: true) is { } fed)
            lines.Add(
                $"with the revocation feed: {Words.Count(fed.Interfaces.Count(one => one.IsNew), "new interface", "new interfaces")}");
        return new(lines);
    }

    static string Name(SeenInterface one) => $"{one.From} to {one.To} by {one.Protocol}";

    /// <summary>In S2, or in S1 where the solution is not there in S2.</summary>
    static Cell Session(Evidence evidence, Way way)
    {
        if (Cells(evidence, way) is not { Length: > 0 } cells) return new(Words.NotMeasured, Tone.Missing);
        var call = cells[0].Call;
        return new(
        [
            $"a call in {cells[0].Scenario}: {Words.Number(Of(LinkName.W2))} SIP and {Words.Number(Of(LinkName.Waf))} HTTPS messages "
                + $"of the caller, {Words.Number(call.Sum(link => link.RoundTrips))} round trips",
            $"first relay candidate: {Medians(cells, MetricName.Candidate)}",
            $"registered: {Medians(cells, MetricName.Registered)}",
        ]);

        double Of(string name) => call.Where(link => link.Link == name).Sum(link => link.Messages);
    }

    static string Medians(IEnumerable<CellResult> cells, string name) =>
        string.Join(" · ",
            cells.Select(cell => cell.Metrics.GetValueOrDefault(name)?.P50 is { } median ? Words.Number(median) : "–")) + " ms";

    static CellResult[] Cells(Evidence evidence, Way way)
    {
        var inS2 = evidence.Measured(way, RegistrationScenario.S2).ToArray();
        return inS2.Length > 0 ? inS2 : [.. evidence.Measured(way, RegistrationScenario.S1)];
    }

    static Cell Protocol(Evidence evidence, Way way)
    {
        (string Subject, string Name)[] subjects =
        [
            (FigureName.NewSipHeaders, "SIP headers"), (FigureName.NewSipMethods, "SIP methods"),
            (FigureName.NewStunAttributes, "STUN attributes"),
        ];
        var found = subjects.Select(one => (one.Name, Figure: evidence.Figure(FigureName.Protocol, one.Subject, way))).ToArray();
        return found.All(one => one.Figure?.Value is null)
            ? new(Words.NotMeasured, Tone.Missing)
            : new([.. found.Select(one => one.Figure switch
            {
                { Value: 0 } => $"no new {one.Name}",
                { Value: { } count, Outcome: var names } => $"{Words.Number(count)} new {one.Name}: {names}",
                _ => $"{one.Name}: {Words.NotMeasured}",
            })]);
    }

    /// <summary>A line for each manner of keys and WAF, where these make a difference.</summary>
    static Cell Management(Evidence evidence, Way way)
    {
        // When a token is fetched makes no difference to who has keys.
        if (way == Way.OAuthWarm || way == Way.OAuthPrefetched) return $"as {Way.OAuthCold}";
        var manners = Data.Figures(evidence.Result, FigureName.Management)
            .Where(figure => figure.Value is not null && figure.Solution == way.Solution
                && (figure.Variant == way.Variant || figure.Variant == "-"))
            .GroupBy(figure => MannerOf(figure.Setting)).Select(group => (Manner: group.Key, Needs: Needs(group)))
            .Where(one => one.Needs.Length > 0).GroupBy(one => one.Needs).ToArray();
        return manners.Length switch
        {
            0 => new(Words.NotMeasured, Tone.Missing),
            1 => new(manners[0].Key.Split("; ")),
            _ => new([.. manners.Select(same => $"{string.Join(", or ", same.Select(one => one.Manner))}: {same.Key}")]),
        };
    }

    static string Needs(IEnumerable<Figure> figures)
    {
        (string Subject, string Name)[] subjects =
        [
            (FigureName.SitesForTurn, "sites for one more TURN server"), (FigureName.SitesForWaf, "for one more WAF"),
            (FigureName.SitesForRotation, "for a new key"), (FigureName.KeysInstalled, "secrets installed"),
            (FigureName.KeysOutside, "outside of the operator"),
        ];
        return string.Join("; ", subjects.Select(one => (one.Name, Figures: figures.Where(figure => figure.Subject == one.Subject)))
            .Where(one => one.Figures.Any()).Select(one => $"{Words.Number(one.Figures.Max(figure => figure.Value!.Value))} {one.Name}"));
    }

    /// <summary>Of a setting, what is no number of the fleet, in words.</summary>
    static string MannerOf(string setting)
    {
        var words = setting.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.IndexOf('=') > 1);
        return string.Join(", ", words.Select(word => word switch
        {
            "keys=manual" => "keys by hand",
            "keys=automatic" => "keys fetched",
            "waf=third-party" => "a third party's WAF",
            "waf=operator" => "the operator's WAF",
            _ => word.Replace('=', ' '),
        }));
    }

    static Cell Experience(Evidence evidence, Way way)
    {
        var cells = Cells(evidence, way);
        var late = string.Join(" · ", cells.Select(cell =>
            cell.Metrics.GetValueOrDefault(MetricName.Invite)?.P95 is { } ms ? Words.Number(ms) : "–"));
        return new(
        [
            .. cells.Length == 0
                ? [$"time to ring: {Words.NotMeasured}"]
                : new[] { $"INVITE sent: {Medians(cells, MetricName.Invite)}, 95 % within {late} ms",
                    $"media: {Medians(cells, MetricName.Media)}" },
            $"calls that failed at expiry: {Said(evidence, way, FigureName.Prompts, FigureName.CallsFailed)}",
            $"passwords asked of a person: {Number(evidence, way, FigureName.PromptsAtSignIn)} at the sign-in, "
                + $"{Number(evidence, way, FigureName.PromptsAfter)} after it",
        ]);
    }

    static Cell Client(Evidence evidence, Way way)
    {
        // When a token was fetched makes no difference to who can send it.
        var tried = way.Solution == Way.OAuthWarm.Solution ? Way.OAuthWarm : way;
        var browser = Data.Figure(evidence.Result, FigureName.Protocol, FigureName.StockBrowser, tried);
        var plain = Data.Figure(evidence.Result, FigureName.Protocol, FigureName.PlainTurnClient, tried);
        return new(
            [
                $"browser: {YesNo(browser)}", $"unmodified RFC 8656 client: {YesNo(plain)}",
                $"new attributes: {Said(evidence, way, FigureName.Protocol, FigureName.NewStunAttributes)}",
                $"lines of code: {Said(evidence, way, FigureName.Complexity, FigureName.ClientLines)}",
            ],
            browser?.Value switch { 1 => Tone.Good, 0 => Tone.Bad, _ => Tone.Missing });
    }

    static string YesNo(Figure? figure) => figure switch
    {
        null => Words.NotMeasured,
        { Value: 1 } => $"yes ({figure.Outcome})",
        { Value: 0 } => $"no ({figure.Outcome})",
        _ => figure.Outcome,
    };

    static string Number(Evidence evidence, Way way, string subject) =>
        Data.Figure(evidence.Result, FigureName.Prompts, subject, way)?.Value is { } value ? Words.Number(value) : Words.NotMeasured;

    static string Said(Evidence evidence, Way way, string experiment, string subject) =>
        Data.Figure(evidence.Result, experiment, subject, way) is { Value: { } value } figure
            ? $"{Words.Number(value, figure.Unit)} ({figure.Outcome})"
            : Words.NotMeasured;
}
