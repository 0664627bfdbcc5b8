using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Fuzz.Engine;

/// <summary>Runs one target: the seeds first, then inputs made of those that did something new.</summary>
/// <param name="target">Runs nothing else meanwhile.</param>
/// <param name="coverage">What the target's code counts into.</param>
/// <param name="seed">Of all chance: the same seed makes the same inputs, as long as the target does the same.</param>
/// <param name="before">Is told each input before it runs; what was told last is what ended a process.</param>
sealed class Campaign(Target target, Coverage coverage, ulong seed, Action<IReadOnlyList<Step>>? before = null)
{
    // Each costs some hundred bytes; beyond this an old one makes room.
    const int MostKept = 20_000;

    readonly List<Step[]> _corpus = [];
    readonly SeededRandom _random = new(seed);

    public long Runs { get; private set; }

    public int Kept => _corpus.Count;

    public int Seen => coverage.Seen;

    /// <summary>Null when no law was broken; else the shortest input that was found to break it, and how.</summary>
    public (List<Step> Steps, Exception Broken)? Until(Func<bool> isOver)
    {
        foreach (var steps in target.Seeds())
        {
            if (Broken(steps) is { } broken) return (Shortened([.. steps], broken), broken);
            coverage.TakeNew();
            _corpus.Add(steps);
        }

        var mutator = new Mutator(_random, target, _corpus);
        while (!isOver())
        {
            var steps = mutator.Mutate(Parent());
            if (Broken(steps) is { } broken) return (Shortened(steps, broken), broken);
            if (!coverage.TakeNew()) continue;
            if (_corpus.Count < MostKept) _corpus.Add([.. steps]);
            else _corpus[_random.Next(MostKept)] = [.. steps];
        }

        return null;
    }

    // Half of the time one of the newest: where something new was seen, more is near.
    Step[] Parent()
    {
        var newest = Math.Min(_corpus.Count, 64);
        return _random.Next(2) == 0 ? _corpus[_random.Next(_corpus.Count)] : _corpus[^(1 + _random.Next(newest))];
    }

    Exception? Broken(IReadOnlyList<Step> steps)
    {
        Runs++;
        before?.Invoke(steps);
        try
        {
            target.Run(steps, coverage);
            return null;
        }
        catch (Exception broken)
        {
            return broken;
        }
    }

    /// <summary>Leaves out the steps without which the same kind of exception comes still.</summary>
    List<Step> Shortened(List<Step> steps, Exception broken)
    {
        for (var at = steps.Count - 1; at >= 0; at--)
        {
            List<Step> fewer = [.. steps[..at], .. steps[(at + 1)..]];
            if (Broken(fewer) is { } again && again.GetType() == broken.GetType() && again.Message == broken.Message) steps = fewer;
        }

        return steps;
    }
}
