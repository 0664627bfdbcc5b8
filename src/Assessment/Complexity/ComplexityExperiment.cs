using Portunus.Assessment.Results;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Complexity;

/// <summary>How much there is to each solution: states, cases of failure, lines of code, counted.</summary>
public sealed class ComplexityExperiment : IExperiment
{
    public string Name => "complexity";

    public int StepsOf(AssessmentPlan plan) => Of(plan).Count();

    public Task RunAsync(AssessmentPlan plan, Draft draft, Action stepDone, CancellationToken stop)
    {
        foreach (var machinery in Of(plan))
        {
            foreach (var figure in FiguresOf(machinery)) draft.Add(figure);
            stepDone();
        }

        return Task.CompletedTask;
    }

    static IEnumerable<Machinery> Of(AssessmentPlan plan) => plan.Among(Machinery.All, machinery => machinery.Way);

    static IEnumerable<Figure> FiguresOf(Machinery machinery)
    {
        var states = StateCount.Of(machinery.Machines);
        var size = CodeSize.Counted.Single(one => new Way(one.Solution, one.Variant) == machinery.Way);
        yield return Counted(
            machinery.Way, FigureName.States, states.Sum(one => one.States),
            "values that change between two messages: " + string.Join(", ", states.Select(one => $"{one.States} {Short(one.Machine)}")));
        yield return Counted(
            machinery.Way, FigureName.FailureCases, size.Failures.IsEmpty ? null : size.Failures.Length,
            size.Failures.IsEmpty ? "not written down for this solution" : string.Join("; ", size.Failures));
        yield return Counted(
            machinery.Way, FigureName.CodeLines, size.Lines,
            $"lines that are neither empty nor comment, in {size.Files.Count} files that would not be there without it, or without one "
            + "that shares them");
        yield return Counted(
            machinery.Way, FigureName.ClientLines, size.Client.Values.Sum(),
            size.Client.IsEmpty
                ? "of its own: the client has its password"
                : "of the native client, in " + string.Join(", ", size.Client.Keys.Select(Path.GetFileName)));
    }

    static Figure Counted(Way way, string subject, double? value, string outcome) => new()
    {
        Experiment = FigureName.Complexity, Subject = subject, Solution = way.Solution, Variant = way.Variant, Value = value,
        Outcome = outcome, By = "counted",
    };

    static string Short(string machine) => machine[(machine.LastIndexOf('.') + 1)..].Replace('+', '.');
}
