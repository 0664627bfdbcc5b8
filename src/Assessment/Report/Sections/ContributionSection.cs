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

    static string Fleet(AssessmentResult result) => Data.Figures(result, FigureName.Management).MaxBy(Size) is { } largest
        ? "Management is that of the largest fleet that was configured: "
            + $"N={Evidence.Number(largest.Setting, "N")} WAFs, M={Evidence.Number(largest.Setting, "M")} TURN servers, "
            + $"P={Evidence.Number(largest.Setting, "P")} edges."
        : "";

    static int Size(Figure figure) => new[] { "N", "M", "P" }.Sum(name => Evidence.Number(figure.Setting, name) ?? 0);

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

    static Cell Management(Evidence evidence, Way way)
    {
        (string Subject, string Name)[] subjects =
        [
            (FigureName.SitesForTurn, "sites for one more TURN server"), (FigureName.SitesForWaf, "sites for one more WAF"),
            (FigureName.SitesForRotation, "sites for a new key"), (FigureName.KeysInstalled, "secrets installed"),
            (FigureName.KeysOutside, "secrets outside of the operator"),
        ];
        List<string> lines = [];
        var all = Data.Figures(evidence.Result, FigureName.Management).Where(figure => figure.Value is not null
            && figure.Solution == way.Solution && (figure.Variant == way.Variant || figure.Variant == "-")).ToArray();
        var common = all.Select(figure => WordsOf(figure.Setting)).Aggregate(
            (IEnumerable<string>?)null, (sum, words) => sum?.Intersect(words) ?? words)?.ToArray() ?? [];
        foreach (var (subject, name) in subjects)
        {
            var figures = all.Where(figure => figure.Subject == subject).ToArray();
            if (figures.Length == 0) continue;
            var most = figures.Max(Size);
            lines.Add($"{name}: " + string.Join(", ", figures.Where(figure => Size(figure) == most)
                .GroupBy(figure => Words.Number(figure.Value!.Value))
                .Select(group => $"{group.Key}{Circumstances(group.Select(figure => WordsOf(figure.Setting).Except(common)))}")));
        }

        return lines.Count == 0 ? new(Words.NotMeasured, Tone.Missing) : new(lines);
    }

    /// <summary>Of a setting, what is no number of the fleet.</summary>
    static IEnumerable<string> WordsOf(string setting) =>
        setting.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.IndexOf('=') != 1);

    static string Circumstances(IEnumerable<IEnumerable<string>> settings)
    {
        var all = settings.Select(words => string.Join(", ", words).Replace('=', ' '))
            .Where(words => words.Length > 0).Distinct().ToArray();
        return all.Length == 0 ? "" : $" ({string.Join("; ", all)})";
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
            $"prompts at the sign-in: {Said(evidence, way, FigureName.Prompts, FigureName.PromptsAtSignIn)}",
            $"prompts after it: {Said(evidence, way, FigureName.Prompts, FigureName.PromptsAfter)}",
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

    static string Said(Evidence evidence, Way way, string experiment, string subject) =>
        Data.Figure(evidence.Result, experiment, subject, way) is { Value: { } value } figure
            ? $"{Words.Number(value, figure.Unit)} ({figure.Outcome})"
            : Words.NotMeasured;
}
