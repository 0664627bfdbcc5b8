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
        new Paragraph("Each entry is what this run saw, counted or timed. \"Not measured\" means that it was not looked at; it is no result."),
        new Table("Impact of each solution",
            ["solution", "scenarios", "network architecture", "session procedure", "existing protocol", "network management and deployment",
                "user experience", "WebRTC client"],
            [.. Way.All.Select(way => Row(new(result), way))]),
    ]);

    static IReadOnlyList<Cell> Row(Evidence evidence, Way way) =>
    [
        way.ToString(), Scenarios(evidence, way), Architecture(evidence, way), Session(evidence, way), Protocol(evidence, way),
        Management(evidence, way), Experience(evidence, way), Client(evidence, way),
    ];

    static Cell Scenarios(Evidence evidence, Way way)
    {
        var all = Enum.GetValues<Scenario>().Select(scenario => (Scenario: scenario, Status: evidence.StatusOf(way, scenario))).ToArray();
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
            lines.Add($"with the revocation feed: {Words.Count(fed.Interfaces.Count(one => one.IsNew), "new interface", "new interfaces")}");
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
            $"a call in {cells[0].Scenario}: {Words.Number(Of(LinkName.W2))} SIP and {Words.Number(Of(LinkName.Waf))} HTTPS messages, "
                + $"{Words.Number(call.Sum(link => link.RoundTrips))} round trips",
            .. cells.Select(cell => $"first relay candidate at {Data.NameOf(cell.Network)}: {Median(cell, MetricName.Candidate)}"),
        ]);

        double Of(string name) => call.Where(link => link.Link == name).Sum(link => link.Messages);
    }

    static string Median(CellResult cell, string name) => Words.Maybe(cell.Metrics.GetValueOrDefault(name)?.P50, "ms");

    static CellResult[] Cells(Evidence evidence, Way way)
    {
        var inS2 = evidence.Measured(way, Scenario.S2).ToArray();
        return inS2.Length > 0 ? inS2 : [.. evidence.Measured(way, Scenario.S1)];
    }

    static Cell Protocol(Evidence evidence, Way way)
    {
        (string Subject, string Name)[] subjects =
        [
            (Subject.NewSipHeaders, "SIP headers"), (Subject.NewSipMethods, "SIP methods"), (Subject.NewStunAttributes, "STUN attributes"),
        ];
        var found = subjects.Select(one => (one.Name, Figure: evidence.Figure(Subject.Protocol, one.Subject, way))).ToArray();
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
            (Subject.SitesForTurn, "sites for one more TURN server"), (Subject.SitesForWaf, "sites for one more WAF"),
            (Subject.SitesForRotation, "sites for a new key"), (Subject.KeysInstalled, "secrets installed"),
            (Subject.KeysOutside, "secrets outside of the operator"),
        ];
        List<string> lines = [];
        foreach (var (subject, name) in subjects)
        {
            var figures = evidence.Figures(Subject.Management, subject, way.Solution)
                .Where(figure => figure.Value is not null && (figure.Variant == way.Variant || figure.Variant == "-")).ToArray();
            if (figures.Length == 0) continue;
            var most = figures.Max(Size);
            lines.Add($"{name}: " + string.Join("; ", figures.Where(figure => Size(figure) == most)
                .Select(figure => $"{Words.Number(figure.Value!.Value)}{(figure.Setting.Length == 0 ? "" : $" ({figure.Setting})")}")));
        }

        return lines.Count == 0 ? new(Words.NotMeasured, Tone.Missing) : new(lines);

        static int Size(Figure figure) =>
            (Evidence.Number(figure.Setting, "N") ?? 0) + (Evidence.Number(figure.Setting, "M") ?? 0) + (Evidence.Number(figure.Setting, "P") ?? 0);
    }

    static Cell Experience(Evidence evidence, Way way)
    {
        var times = Cells(evidence, way).Select(cell => cell.Metrics.GetValueOrDefault(MetricName.Invite) is { P50: { } median, P95: { } late }
            ? $"INVITE sent at {Data.NameOf(cell.Network)}: {Words.Number(median)} ms, 95 % within {Words.Number(late)} ms"
            : $"INVITE sent at {Data.NameOf(cell.Network)}: {Words.NotMeasured}").ToArray();
        return new(
        [
            .. times.Length == 0 ? [$"time to ring: {Words.NotMeasured}"] : times,
            $"calls that failed at expiry: {Said(evidence, way, Subject.Lifetime, Subject.FailedAtExpiry)}",
            $"prompts: {Said(evidence, way, Subject.Protocol, Subject.Prompts)}",
        ]);
    }

    static Cell Client(Evidence evidence, Way way)
    {
        var browser = Data.Figure(evidence.Result, Subject.Protocol, Subject.StockBrowser, way);
        var plain = Data.Figure(evidence.Result, Subject.Protocol, Subject.PlainTurnClient, way);
        return new(
            [
                $"browser: {YesNo(browser)}", $"unmodified RFC 8656 client: {YesNo(plain)}",
                $"new attributes: {Said(evidence, way, Subject.Protocol, Subject.NewStunAttributes)}",
                $"lines of code: {Said(evidence, way, Subject.Complexity, Subject.ClientLines)}",
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
