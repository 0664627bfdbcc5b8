using System.Globalization;

namespace Portunus.Nodes.Relay;

/// <summary>
/// How many file descriptors the process may have. Relays take all but the last few: a process without any cannot load the
/// code that it needs to go on, nor to end.
/// </summary>
static class Descriptors
{
    // Assemblies, certificates, a log file, a data base and its journal, and a shell's view into the process.
    const int Reserve = 64;

    static readonly long Limit = ReadLimit();

    /// <summary>How many the process may have.</summary>
    public static long Most => Limit;

    /// <summary>Whether only the reserve is left. The system gives the lowest number that is free.</summary>
    public static bool AreScarce(int newest) => newest >= Limit - Reserve;

    /// <remarks>Read when first asked, which is after the runtime raised its own limit to the highest that is allowed.</remarks>
    static long ReadLimit()
    {
        const string Name = "Max open files";
        const string Limits = "/proc/self/limits";
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits)) return long.MaxValue;
        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) ?? "";
        var soft = line[Math.Min(Name.Length, line.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
    }
}
