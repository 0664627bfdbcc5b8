using System.Diagnostics;
using System.Globalization;

namespace Portunus.Bench;

/// <summary>
/// What one call costs, on a machine with other work on it: the windows are shorter than a turn of the scheduler, so that most of them
/// are not interrupted, and their median and least are told. BenchmarkDotNet's means hold whatever else ran.
/// </summary>
static class ShortWindows
{
    const int Windows = 3000, Calls = 50, WarmUp = 100_000;

    public static int Run()
    {
        var issue = new IssuePath();
        Console.WriteLine("| what | median, us | least, us |\n|---|---|---|");
        Measure("issue: shared secret", () => issue.SharedSecret());
        Measure("issue: pushed", () => issue.Pushed());
        Measure("issue: token", () => issue.Token());
        foreach (var proof in Enum.GetValues<Proof>())
        {
            var path = new AllocatePath { Proof = proof };
            path.Setup();
            Measure($"verify in a whole exchange: {proof}", path.AllocateBindRelease);
        }

        return 0;
    }

    static void Measure(string what, Action call)
    {
        for (var i = 0; i < WarmUp; i++) call();
        // The compiler's last word comes from a thread of its own.
        Thread.Sleep(500);
        var times = new double[Windows];
        for (var i = 0; i < Windows; i++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; n < Calls; n++) call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {times[Windows / 2]:f2} | {times[0]:f2} |"));
    }
}
