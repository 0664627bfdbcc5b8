using System.Globalization;

namespace Portunus.Load;

/// <summary>The time that all threads of a process have run, in the nanoseconds that Linux counts (schedstat).</summary>
static class CpuTime
{
    public static TimeSpan Of(int process)
    {
        var nanoseconds = Directory.EnumerateDirectories($"/proc/{process}/task")
            .Sum(task => long.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture));
        return TimeSpan.FromMicroseconds(nanoseconds / 1000.0);
    }
}
