using System.Diagnostics;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Nodes;

namespace Portunus.Assessment.Management;

/// <summary>
/// What operators have to configure: fleets of real nodes with real TLS, in which a node is added and a key rotates. Counted is what
/// then differs in the configurations; measured, how long it takes until all agree.
/// </summary>
public sealed class ManagementExperiment : IExperiment
{
    public string Name => "management";

    public int StepsOf(AssessmentPlan plan) =>
        1 + WaysOf(plan).Sum(way => FleetSize.Of(plan.LargestFleet, way.IsForEachEdge).Count);

    public async Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        await using var pool = new WafPool(plan.TemporaryFolder);
        // How long a WAF takes to start is not what is measured.
        await pool.PrepareAsync(plan.LargestFleet, stop);
        stepDone();
        foreach (var way in WaysOf(plan)) await RunAsync(pool, way, plan, draft, stepDone, stop);
    }

    static IEnumerable<FleetWay> WaysOf(AssessmentPlan plan) => plan.Among(FleetWay.All, fleet => fleet.Way);

    static async Task RunAsync(
        WafPool pool, FleetWay way, AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        var fleet = pool.Begin(way);
        try
        {
            foreach (var size in FleetSize.Of(plan.LargestFleet, way.IsForEachEdge))
            {
                foreach (var tried in (FleetSize[])[size, size.WithinA2])
                {
                    try
                    {
                        await MeasureAsync(fleet, tried, FleetSize.Usual(plan.LargestFleet).Wafs, draft, stop);
                        break;
                    }
                    catch (Exception e) when (e is RefusedException or TimeoutException)
                    {
                        // A bound of the system is a result; what did not agree in time is none.
                        var sentence = $"management: {way} {tried}: {e.Message}";
                        if (e is RefusedException) draft.LeaveOut(sentence);
                        else draft.Miss(sentence);
                        await fleet.DisposeAsync();
                        fleet = pool.Begin(way);
                        // Where the system's own bound was met, the fleet that it allows is measured in its place.
                        if (e is TimeoutException || size == size.WithinA2) break;
                    }
                }

                stepDone();
            }
        }
        finally
        {
            await fleet.DisposeAsync();
        }
    }

    static async Task MeasureAsync(Fleet fleet, FleetSize size, int wafs, Draft draft, CancellationToken stop)
    {
        await AddAsync(fleet, size, size with { Wafs = size.Wafs - 1 }, FigureName.SitesForWaf, "waf", draft, stop);
        draft.Add(Counted(
            fleet, size, FigureName.KeysInstalled, fleet.Installed,
            $"secrets, certificates and authorities in the configurations of all nodes; {fleet.Way.Keys}"));
        draft.Add(Counted(fleet, size, FigureName.KeysOutside, fleet.Outside, OutsideOf(fleet)));
        await AddAsync(fleet, size, size with { Turns = size.Turns - 1 }, FigureName.SitesForTurn, "turn", draft, stop);
        // Where a WAF has no part in it, all else is measured with one number of WAFs.
        if (!fleet.Way.IsOAuth && size.Wafs != wafs) return;
        await RotateAsync(fleet, size, draft, stop);
        if (fleet.Way.IsOAuth) return;
        await AddAsync(fleet, size, size with { Edges = size.Edges - 1 }, FigureName.SitesForEdge, "edge", draft, stop);
    }

    /// <summary>The last node of a kind comes into a fleet that is there without it.</summary>
    static async Task AddAsync(
        Fleet fleet, FleetSize size, FleetSize before, string subject, string change, Draft draft, CancellationToken stop)
    {
        await fleet.ResizeAsync(before, isAnew: fleet.Way.IsTold && before != fleet.Size);
        await FleetProbe.AgreeAsync(fleet, changed: null, stop);
        var began = Stopwatch.GetTimestamp();
        var touched = await fleet.ResizeAsync(size);
        await FleetProbe.AgreeAsync(fleet, touched, stop);
        Add(fleet, size, subject, touched, change, Stopwatch.GetElapsedTime(began), "", draft);
    }

    static async Task RotateAsync(Fleet fleet, FleetSize size, Draft draft, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        HashSet<Site> touched = [.. await fleet.RotateAsync()];
        var said = fleet.Way.IsTold ? "a certificate of one eP-CSCF in the place of a key" : "";
        if (fleet.Way.IsAutomatic)
        {
            await FleetProbe.FetchedAsync(fleet, fleet.Wafs[0].RotateByItself, stop);
            said = "the WAF's day is over by a clock that was put forward; TURN servers look each "
                + $"{TurnSite.FetchInterval.TotalMilliseconds:0} ms here and each 300 s by default, and a WAF shows a key 1200 s before "
                + "it seals with it";
        }
        else
        {
            await FleetProbe.AgreeAsync(fleet, touched, stop);
        }

        var took = Stopwatch.GetElapsedTime(began);
        touched.UnionWith(await fleet.RetireAsync());
        Add(fleet, size, FigureName.SitesForRotation, touched, "key", took, said, draft);
    }

    static void Add(
        Fleet fleet, FleetSize size, string subject, IReadOnlySet<Site> touched, string change, TimeSpan took, string said, Draft draft)
    {
        var kinds = touched.GroupBy(site => site switch { WafSite => "WAF", TurnSite => "TURN", _ => "eP-CSCF" })
            .Select(group => $"{group.Count()} {group.Key}").Order();
        var sites = touched.Count == 0 ? "no site" : string.Join(", ", kinds) + (change == "key" ? "" : ", the new one included");
        draft.Add(Counted(fleet, size, subject, touched.Count, Joined($"{sites}; {fleet.Way.Keys}", said)));
        draft.Add(Counted(
            fleet, size, FigureName.SecondsToAgree, took.TotalSeconds,
            Joined("from the change until each TURN server took a credential of each issuer whose pair was touched, the requests for that "
                + "included; the nodes take it over beside each other, and no hand takes time", said)) with
        {
            Setting = $"{size} {fleet.Way.Setting} change={change}", Unit = "s",
        });
    }

    static Figure Counted(Fleet fleet, FleetSize size, string subject, double value, string outcome) => new()
    {
        Experiment = FigureName.Management, Subject = subject, Solution = fleet.Way.Way.Solution, Variant = fleet.Way.Way.Variant,
        Setting = $"{size} {fleet.Way.Setting}", Value = value, Outcome = outcome,
    };

    static string OutsideOf(Fleet fleet) => fleet.Way switch
    {
        { IsOAuth: true, IsThirdParty: true, IsAutomatic: true } => "made by WAFs outside and fetched from there, two of a "
            + "pair while they overlap: none was carried out by hand",
        { IsOAuth: true, IsThirdParty: true } => "each is at a WAF of somebody else, too",
        { IsOAuth: true } => "all WAFs are the operator's",
        _ => "no WAF has any",
    };

    static string Joined(string first, string second) => second.Length == 0 ? first : $"{first}; {second}";
}
