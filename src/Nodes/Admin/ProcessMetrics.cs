using System.Diagnostics;
using System.Reflection;

namespace Portunus.Nodes.Admin;

/// <summary>What every exporter of Prometheus tells of its process, under the names that all of them use.</summary>
static class ProcessMetrics
{
    static readonly string Version = typeof(ProcessMetrics).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static void Write(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Gauge("portunus_build_info", "Always 1; the label tells the version.", [(MetricsText.Labels(("version", Version)), 1)]);
        text.Counter("process_cpu_seconds_total", "Time of processors that was used, in seconds.", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Memory in use, in bytes.", process.WorkingSet64);
        text.Gauge("process_start_time_seconds", "When the process began, in seconds since 1970.",
            Math.Round((process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds, 2));
        text.Gauge("process_threads", "Threads.", process.Threads.Count);
        if (!OperatingSystem.IsLinux()) return;
        text.Gauge("process_open_fds", "File descriptors that are open.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        text.Gauge("process_max_fds", "File descriptors that may be open.", Relay.Descriptors.Most);
    }
}
