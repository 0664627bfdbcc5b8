using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Portunus.Tests.Interop.Browser;

/// <summary>`portunus up` as a process of its own, on ports that the system chose.</summary>
public sealed partial class UpProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly List<string> _said = [];

    UpProcess(Process process) => _process = process;

    /// <summary>The page over HTTP, as the ready line names it.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>The page over HTTPS, as the line of its listener names it.</summary>
    public Uri Https { get; private set; } = null!;

    public static async Task<UpProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Checkout.Program, "up", "--http", "0", "--https", "0", "--turn", "0", "--subscriber", "alice:alice", "--subscriber", "bob:bob",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        var up = new UpProcess(Process.Start(start)!);
        await up.UntilReadyAsync();
        return up;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            // The shell's own: a small machine has no program of that name.
            using (var signal = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]))
                signal.WaitForExit();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(15)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    async Task UntilReadyAsync()
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Take(string? line)
        {
            if (line is null)
                return;
            lock (_said)
                _said.Add(line);
            if (line.StartsWith("ready ", StringComparison.Ordinal))
                ready.TrySetResult(line["ready ".Length..].Trim());
        }

        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var first = await Task.WhenAny(ready.Task, _process.WaitForExitAsync(), Task.Delay(Patience));
        if (first != ready.Task)
        {
            var said = Said();
            Dispose();
            throw new InvalidOperationException($"portunus up was not ready. It said:\n{said}");
        }
        Http = new Uri(await ready.Task);
        Https = new Uri($"https://localhost:{HttpsPort().Match(Said()).Groups[1].Value}/");
    }

    string Said()
    {
        lock (_said)
            return string.Join('\n', _said);
    }

    [GeneratedRegex(@"^listening https \S+:(\d+)", RegexOptions.Multiline)]
    private static partial Regex HttpsPort();
}
