using System.Reflection;
using System.Runtime.InteropServices;
using Portunus.Assessment.Results;

namespace Portunus.Assessment;

/// <summary>Reads where a run is made; no name of the machine or of its user.</summary>
static class MachineReader
{
    const string ProcessorFile = "/proc/cpuinfo";

    public static MachineFacts Read() => new(
        Processor(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        typeof(MachineReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    static string Processor()
    {
        var line = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
