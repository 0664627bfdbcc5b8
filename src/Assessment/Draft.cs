using Portunus.Assessment.Results;

namespace Portunus.Assessment;

/// <summary>Results that are there so far; for many threads.</summary>
public sealed class Draft(AssessmentResult start)
{
    readonly Lock _gate = new();
    AssessmentResult _result = start;

    public AssessmentResult Result
    {
        get
        {
            lock (_gate) return _result;
        }
    }

    public void Add(CellResult cell) => Change(result => result with { Cells = result.Cells.Add(cell) });

    public void Add(Figure figure) => Change(result => result with { Figures = result.Figures.Add(figure) });

    public void Add(ArchitectureResult one) => Change(result => result with { Architecture = result.Architecture.Add(one) });

    public void Add(Agreement one) => Change(result => result with { Agreements = result.Agreements.Add(one) });

    /// <param name="what">A sentence: what is not there, and why.</param>
    public void Miss(string what) => Change(result => result with { Missing = result.Missing.Add(what) });

    /// <param name="what">A sentence: what this mode does not try, or the system does not allow, and why.</param>
    public void LeaveOut(string what) => Change(result => result with { LeftOut = result.LeftOut.Add(what) });

    void Change(Func<AssessmentResult, AssessmentResult> change)
    {
        lock (_gate) _result = change(_result);
    }
}
