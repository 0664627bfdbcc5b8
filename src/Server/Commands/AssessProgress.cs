using System.Diagnostics;
using Portunus.Assessment;

namespace Portunus.Server.Commands;

/// <summary>How far an assessment is: one line that changes on a terminal. Elsewhere a line when an experiment begins and ends, and at the
/// least one every half minute, so that a log shows that the run is alive.</summary>
sealed class AssessProgress : IDisposable
{
    /// <summary>Between two lines where it is no terminal.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    readonly TextWriter _output;
    readonly bool _isTerminal;
    readonly TimeProvider _time;
    readonly ITimer? _timer;
    readonly long _began;
    readonly List<Progress> _running = []; // In the order of their beginning.
    string _last = "";

    /// <param name="output">Where lines go.</param>
    /// <param name="isTerminal">Whether a line may be written over.</param>
    /// <param name="time">Of the half minutes.</param>
    public AssessProgress(TextWriter output, bool isTerminal, TimeProvider time)
    {
        (_output, _isTerminal, _time, _began) = (output, isTerminal, time, time.GetTimestamp());
        if (!isTerminal) _timer = time.CreateTimer(_ => TellAgain(), null, Silence, Silence);
    }

    public void Tell(Progress progress)
    {
        lock (_gate)
        {
            if (_isTerminal)
            {
                if (progress.IsOver && progress.Done == progress.Steps) return;
                if (_last != "" && _last != progress.Experiment) _output.WriteLine();
                _output.Write($"\r{Said(progress)}   ");
                _last = progress.Experiment;
                return;
            }

            Keep(progress);
            if (progress.Done != 0 && !progress.IsOver) return;
            _output.WriteLine(Said(progress));
            _timer!.Change(Silence, Silence);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        if (_isTerminal) _output.WriteLine();
    }

    /// <summary>Experiments run beside each other, and tell their steps in any order.</summary>
    void Keep(Progress progress)
    {
        var at = _running.FindIndex(one => one.Experiment == progress.Experiment);
        if (progress.IsOver)
        {
            if (at >= 0) _running.RemoveAt(at);
        }
        else if (at < 0)
            _running.Add(progress);
        else if (progress.Done > _running[at].Done)
            _running[at] = progress;
    }

    void TellAgain()
    {
        lock (_gate)
        {
            var seconds = _time.GetElapsedTime(_began).TotalSeconds;
            var running = _running.Count == 0 ? "between two experiments" : string.Join("; ", _running.Select(Said));
            _output.WriteLine(FormattableString.Invariant($"after {seconds:0} s: {running}"));
        }
    }

    static string Said(Progress progress) => $"{progress.Experiment}: {progress.Done} of {progress.Steps}";
}
