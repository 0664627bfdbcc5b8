using Portunus.Assessment;

namespace Portunus.Server.Commands;

/// <summary>How far an assessment is: one line that changes on a terminal, one line an experiment elsewhere.</summary>
sealed class AssessProgress(TextWriter output)
{
    readonly Lock _gate = new();
    readonly bool _isTerminal = !Console.IsErrorRedirected;
    string _experiment = "";

    public void Tell(Progress progress)
    {
        lock (_gate)
        {
            if (_isTerminal)
            {
                if (_experiment != "" && _experiment != progress.Experiment) output.WriteLine();
                output.Write($"\r{progress.Experiment}: {progress.Done} of {progress.Steps}   ");
            }
            else if (progress.Done == 0 || progress.Done == progress.Steps)
                output.WriteLine($"{progress.Experiment}: {progress.Done} of {progress.Steps}");

            _experiment = progress.Experiment;
        }
    }

    public void End()
    {
        if (_isTerminal) output.WriteLine();
    }
}
