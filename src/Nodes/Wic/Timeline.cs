using System.Diagnostics;

namespace Portunus.Nodes.Wic;

/// <summary>What a client did, step by step, and how long each took.</summary>
/// <param name="tell">Is told each step when it has ended.</param>
public sealed class Timeline(Action<TimelineStep> tell)
{
    /// <summary>Is told each SIP message of W2: whether this side sent it, and its bytes; on the agent's threads. Null for
    /// nobody.</summary>
    public Action<bool, ReadOnlyMemory<byte>>? OnSip { get; init; }

    readonly long _began = Stopwatch.GetTimestamp();
    readonly List<TimelineStep> _steps = [];

    public IReadOnlyList<TimelineStep> Steps
    {
        get
        {
            lock (_steps) return [.. _steps];
        }
    }

    /// <summary>Does one step. What it throws is noted and thrown on.</summary>
    /// <param name="name">One word.</param>
    /// <param name="act">What is timed.</param>
    /// <param name="detail">What came of it, without a secret.</param>
    public async Task<T> StepAsync<T>(string name, Func<Task<T>> act, Func<T, string> detail)
    {
        var at = Stopwatch.GetElapsedTime(_began);
        try
        {
            var result = await act();
            Note(new(name, at, Stopwatch.GetElapsedTime(_began) - at, detail(result)));
            return result;
        }
        catch (RefusedException refused)
        {
            Note(new(name, at, Stopwatch.GetElapsedTime(_began) - at, refused.Message) { Failed = true });
            throw;
        }
    }

    /// <summary>Notes what happened by itself.</summary>
    public void Mark(string name, string detail) => Note(new(name, Stopwatch.GetElapsedTime(_began), TimeSpan.Zero, detail));

    void Note(TimelineStep step)
    {
        // What happens by itself happens beside a step.
        lock (_steps)
        {
            _steps.Add(step);
            tell(step);
        }
    }
}

/// <summary>One step of a <see cref="Timeline"/>.</summary>
/// <param name="Name">One word.</param>
/// <param name="At">When it began, from the beginning of all.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Detail">What came of it.</param>
public sealed record TimelineStep(string Name, TimeSpan At, TimeSpan Took, string Detail)
{
    public bool Failed { get; init; }
}
