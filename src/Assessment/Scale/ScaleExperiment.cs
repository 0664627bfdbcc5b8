using System.Diagnostics;
using System.Globalization;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Scale;

/// <summary>What a solution keeps, is told and computes for many users, in virtual time and without sockets.</summary>
public sealed class ScaleExperiment : IExperiment
{
    const double Extrapolated = 10_000_000;

    /// <summary>Of a registration, in seconds.</summary>
    static readonly int[] Lifetimes = [3600, 600];

    /// <summary>Nobody waits longer for the registrations of one solution, beyond the number that is built in any case: a size that would
    /// take more is said to be missing.</summary>
    static readonly TimeSpan EdgePatience = TimeSpan.FromSeconds(10);

    const int AlwaysBuilt = 10_000;

    /// <summary>Registrations before any that is measured, which compile the code.</summary>
    const int EdgeWarmUp = 500;

    public string Name => "scale";

    public int StepsOf(AssessmentPlan plan) => (WaysOf(plan).Count() * plan.Populations.Length) + 1;

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop) => Task.Run(
        () =>
        {
            var sizes = plan.Populations;
            foreach (var alike in Alike(plan, way => way.IsTold && !way.IsPull ? "pushed" : way.Way.ToString()))
                RunTurn(alike, sizes, draft, stepDone, stop);
            foreach (var alike in Alike(plan, way => way.Type is null ? "" : way.Provisioning().GetType().Name))
                RunEdge(alike, sizes, plan, draft, stop);
            foreach (var work in ScaleWork.Of(WaysOf(plan), sizes[0], IsQuick(plan) ? 3 : 9, stop)) Add(work, sizes[0], draft);
            stepDone();
        },
        stop);

    static bool IsQuick(AssessmentPlan plan) => plan.Mode == AssessmentPlan.Quick.Mode;

    static IEnumerable<ScaleWay> WaysOf(AssessmentPlan plan) => plan.Among(ScaleWay.All, scaled => scaled.Way);

    /// <summary>Ways whose machines are the same at one place, and told the same: they are measured once.</summary>
    static IEnumerable<ScaleWay[]> Alike(AssessmentPlan plan, Func<ScaleWay, string> what) =>
        WaysOf(plan).GroupBy(what).Select(group => group.ToArray());

    static void RunTurn(ScaleWay[] ways, IReadOnlyList<int> sizes, Draft draft, Action stepDone, CancellationToken stop)
    {
        var way = ways[0];
        List<(double X, double Y)> state = [];
        var updates = Lifetimes.ToDictionary(lifetime => lifetime, _ => new List<(double X, double Y)>());
        foreach (var users in sizes)
        {
            stop.ThrowIfCancellationRequested();
            var kept = ScaleState.AtTurn(way, users);
            AddEach(FigureName.StateTurn, $"U={users}", kept.PerUser, "bytes", OfTurn(way, kept));
            state.Add((users, kept.Bytes));
            foreach (var lifetime in Lifetimes)
            {
                var rate = ScaleUpdates.Of(way, users, lifetime);
                AddEach(FigureName.Updates, $"U={users} E={lifetime}", rate.PerSecond, "1/s", rate.Said);
                updates[lifetime].Add((users, rate.PerSecond));
            }

            foreach (var _ in ways) stepDone();
        }

        foreach (var one in ways)
        {
            draft.Add(Fitted(one, FigureName.StateTurn, "fit=linear", state, "bytes"));
            foreach (var (lifetime, points) in updates)
                draft.Add(Fitted(one, FigureName.Updates, $"fit=linear E={lifetime}", points, "1/s"));
        }

        void AddEach(string subject, string setting, double value, string unit, string said)
        {
            foreach (var one in ways) draft.Add(Measured(one, subject, setting, value, unit, said + Once(ways)));
        }
    }

    /// <param name="ways">Alike at the eP-CSCF: measured once.</param>
    /// <param name="sizes">The least first.</param>
    /// <param name="plan">Whether there is time for all.</param>
    /// <param name="draft">Where figures go.</param>
    /// <param name="stop">Ends it between two sizes.</param>
    static void RunEdge(ScaleWay[] ways, IReadOnlyList<int> sizes, AssessmentPlan plan, Draft draft, CancellationToken stop)
    {
        List<(double X, double Y)> state = [];
        if (!IsQuick(plan)) ScaleState.AtEdge(ways[0], EdgeWarmUp);
        var (last, took) = (0, TimeSpan.Zero);
        foreach (var users in sizes)
        {
            stop.ThrowIfCancellationRequested();
            var longer = last > 0 ? took * ((double)users / last) : TimeSpan.Zero;
            if (plan.Mode != AssessmentPlan.Full.Mode && users > AlwaysBuilt && longer > EdgePatience)
            {
                draft.LeaveOut($"scale: the eP-CSCF's state for {users} users with {Names(ways)} would take {longer.TotalSeconds:0} s to "
                    + $"build on this machine; --full does it. Up to {last} users it was measured.");
                break;
            }

            var began = Stopwatch.GetTimestamp();
            var kept = ScaleState.AtEdge(ways[0], users);
            (last, took) = (users, Stopwatch.GetElapsedTime(began));
            state.Add((users, kept.Bytes));
            foreach (var way in ways)
                draft.Add(Measured(way, FigureName.StateEdge, $"U={users}", kept.PerUser, "bytes", OfEdge(kept, ways)));
        }

        if (state.Count < 2) return;
        foreach (var way in ways) draft.Add(Fitted(way, FigureName.StateEdge, "fit=linear", state, "bytes"));
    }

    static void Add(ScaleWork work, int users, Draft draft)
    {
        draft.Add(Measured(work.Way, FigureName.WorkPerAllocate, $"U={users}", work.Microseconds, "µs", work.Said));
        draft.Add(Measured(
            work.Way, FigureName.AsksPerAllocate, $"U={users}", work.AsksOfFirst, "",
            $"{Text(work.AsksOfFirst)} at a user's first Allocate at this server, {Text(work.AsksOfLater)} at each later one; a question "
            + "goes to every eP-CSCF that the server has"));
    }

    static string OfTurn(ScaleWay way, Kept kept) =>
        $"{kept.Statements} credentials told for {kept.Users} users; memory that is left after collection"
        + (way.Way == Way.S0 ? "; the digests of all subscribers" : "")
        + (way.IsPull ? "; every user has allocated here once, and one who has not leaves nothing" : "");

    static string OfEdge(Kept kept, ScaleWay[] ways) =>
        $"{kept.Users} registrations with their flows and subscriptions, {kept.Statements} credentials given; the machines alone, without "
        + "sockets and TLS" + Once(ways);

    static string Once(ScaleWay[] ways) => ways.Length > 1 ? $"; measured once for {Names(ways)}, which are the same there" : "";

    static string Names(ScaleWay[] ways) => string.Join(" and ", ways.Select(way => way.Way.ToString()));

    static Figure Fitted(ScaleWay way, string subject, string setting, IReadOnlyList<(double X, double Y)> points, string unit)
    {
        var line = LineFit.Of(points);
        var (each, all) = (unit == "bytes" ? "bytes a user" : "a second for each user", Math.Max(0, line.Slope) * Extrapolated);
        return Measured(way, subject, setting, line.Slope, unit,
            $"{Text(line.Slope)} {each} by least squares over {points.Count} sizes up to {points.Max(point => point.X)} users "
            + $"(R² {Math.Round(line.RSquared, 4).ToString(CultureInfo.InvariantCulture)}). Extrapolated, not measured: 10 million users "
            + $"would be {(unit == "bytes" ? $"{Text(all / 1e9)} GB" : $"{Text(all)} a second")}.");
    }

    static Figure Measured(ScaleWay way, string subject, string setting, double value, string unit, string outcome) => new()
    {
        Experiment = FigureName.Scale, Subject = subject, Solution = way.Way.Solution, Variant = way.Way.Variant, Setting = setting,
        Value = value, Unit = unit, Outcome = outcome, By = "virtual time",
    };

    static string Text(double number) =>
        number.ToString(Math.Abs(number) < 1 ? "0.######" : "0.##", CultureInfo.InvariantCulture);
}
