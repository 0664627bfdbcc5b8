using System.Diagnostics;
using System.Globalization;

namespace Portunus.Fuzz.Engine;

/// <summary>Fuzzes a target in a process of its own, over copies of our assemblies that count branches.</summary>
/// <param name="name">Of the target.</param>
/// <param name="findings">Folder for inputs that broke something.</param>
/// <param name="isPlanted">With a law that is wrong.</param>
sealed class ChildProcess(string name, string findings, bool isPlanted)
{
    static readonly string[] Instrumented = ["Bedrock", "Stun", "Credentials", "Turn", "Transport"];

    // A run takes milliseconds; a machine with much other work on it, or one that was halted, is no finding.
    static readonly TimeSpan MostOfOneRun = TimeSpan.FromMinutes(2);

    /// <summary>True when nothing was found; what was is told on the console.</summary>
    public async Task<bool> RunAsync(TimeSpan time, ulong seed)
    {
        var folder = Directory.CreateTempSubdirectory("portunus-fuzz-");
        try
        {
            Copy(folder.FullName);
            var last = Path.Combine(folder.FullName, "last");
            using LastInput input = new(last);
            using var child = Start(folder.FullName, last, time, seed);
            var isHung = await WatchAsync(child, input);
            var said = (await child.StandardOutput.ReadToEndAsync()).Trim();
            var errors = (await child.StandardError.ReadToEndAsync()).Trim();
            if (!isHung && child.ExitCode == 0 && said.Length == 0)
            {
                Say($"{input.Runs} inputs, {input.Seen} branches, nothing found");
                return true;
            }

            var file = said.Length > 0 ? said.Split('\n')[0] : Keep(input.Read());
            Say(isHung ? "an input took longer than two minutes" : child.ExitCode == 0 ? "an input broke a law" :
                $"the process ended with status {child.ExitCode}");
            foreach (var line in said.Split('\n').Skip(1).Concat(errors.Split('\n').Take(40))) Console.WriteLine("    " + line);
            Say($"repeat it: dotnet {Path.Combine(AppContext.BaseDirectory, "Portunus.Fuzz.dll")} repeat {name} {file}" +
                (isPlanted ? " --plant" : ""));
            return false;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void Copy(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            if (Path.GetExtension(file) is ".dll" or ".json") File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        // SharpFuzz numbers branches by one list for the process.
        lock (Instrumented)
            foreach (var room in Instrumented)
                _ = SharpFuzz.Fuzzer.Instrument(Path.Combine(folder, $"Portunus.{room}.dll"), _ => true, SharpFuzz.Options.Value).Count();
    }

    Process Start(string folder, string last, TimeSpan time, ulong seed)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words =
        [
            Path.Combine(folder, "Portunus.Fuzz.dll"), "child", name, time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            seed.ToString(CultureInfo.InvariantCulture), last, findings,
        ];
        foreach (var word in words) start.ArgumentList.Add(word);
        if (isPlanted) start.ArgumentList.Add("--plant");
        // 512 MB: what grows without bound ends with an exception, and so as a finding.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    async Task<bool> WatchAsync(Process child, LastInput input)
    {
        var end = child.WaitForExitAsync();
        var (runs, looks, minute) = (-1L, 0, Stopwatch.StartNew());
        while (await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(1))) != end)
        {
            // Looks that found no progress, and not the clock: both processes may have been halted.
            looks = input.Runs == runs ? looks + 1 : 0;
            runs = input.Runs;
            if (looks > MostOfOneRun.TotalSeconds)
            {
                child.Kill();
                await end;
                return true;
            }

            if (minute.Elapsed < TimeSpan.FromMinutes(1)) continue;
            minute.Restart();
            Say($"{runs} inputs, {input.Kept} kept, {input.Seen} branches");
        }

        return false;
    }

    string Keep(byte[] file) => FindingFile.Write(findings, name, file);

    void Say(string sentence) => Console.WriteLine($"fuzz {name}: {sentence}");
}
