using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portunus.Fuzz.Engine;

/// <summary>Several targets, two at a time: as many processors as the tests count on.</summary>
static class Many
{
    const int AtATime = 2;

    /// <summary>The process's status: 0 when nothing was found.</summary>
    public static async Task<int> RunAsync(
        string[] names, TimeSpan time, ulong seed, string findings, string? report, bool isPlanted)
    {
        Console.WriteLine($"fuzz: {time.TotalSeconds} s each, seed {seed}");
        StringBuilder lines = new();
        var failed = 0;
        ParallelOptions limit = new() { MaxDegreeOfParallelism = AtATime };
        await Parallel.ForEachAsync(names, limit, async (name, _) =>
        {
            var clock = Stopwatch.StartNew();
            var passed = await new ChildProcess(name, findings, isPlanted).RunAsync(time, seed);
            if (!passed) Interlocked.Increment(ref failed);
            // As the runners of the tests write it, which ./test counts.
            lock (lines)
            {
                lines.AppendLine(CultureInfo.InvariantCulture,
                    $"<test name=\"fuzz {name}\" result=\"{(passed ? "Pass" : "Fail")}\" time=\"{clock.Elapsed.TotalSeconds:0.000}\" />");
            }
        });
        if (report is not null) await File.WriteAllTextAsync(report, lines.ToString());
        return failed == 0 ? 0 : 1;
    }
}
