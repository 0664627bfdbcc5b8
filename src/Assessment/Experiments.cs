namespace Portunus.Assessment;

/// <summary>All experiments of <c>portunus assess</c>, in the order of the report.</summary>
public static class Experiments
{
    public static IReadOnlyList<IExperiment> All() =>
    [
        new Cells.CellExperiment(),
        new Virtual.VirtualExperiment(),
        new Architecture.ArchitectureExperiment(),
        new Security.DrillsExperiment(),
        new Security.ClockExperiment(),
        new Security.RestartExperiment(),
        new Security.RotationExperiment(),
        new Security.LifetimeExperiment(),
        new Security.TheftExperiment(),
        new Security.PromptsExperiment(),
        new Management.ManagementExperiment(),
        new Scale.ScaleExperiment(),
        new Complexity.ComplexityExperiment(),
    ];
}
