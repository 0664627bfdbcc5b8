using System.Globalization;

namespace Portunus.Load;

/// <summary>The time that a process has run, in user and kernel mode, threads that ended included (proc_pid_stat(5)).</summary>
static class CpuTime
{
    // USER_HZ, the same on every Linux.
    const double TicksPerSecond = 100;

    public static TimeSpan Of(int process)
    {
        // After the program's name, which may hold anything: field 3 comes first; 14 and 15 are utime and stime.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Ticks(fields[11]) + Ticks(fields[12])) / TicksPerSecond);
    }

    static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
