using System.Diagnostics;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Up;

/// <summary><c>portunus up</c> as an operator starts it: a process of its own, with a temporary folder of its own.</summary>
sealed class UpProcess : IAsyncDisposable
{
    // A loaded machine takes seconds to start a runtime; a test that hangs should still end.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Process _process;
    readonly Task<string> _errors;

    UpProcess(Process process, string temporary)
    {
        (_process, Temporary) = (process, temporary);
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the process takes for the folder of temporary files.</summary>
    public string Temporary { get; }

    public List<string> Lines { get; } = [];

    public string Output => string.Join('\n', Lines);

    public static UpProcess Start(params string[] words) => Start([], words);

    public static UpProcess Start((string Name, string Value)[] environment, params string[] words)
    {
        var temporary = Directory.CreateTempSubdirectory("portunus-test-").FullName;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "portunus.dll"), "up", .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary,
        };
        PortunusProcess.Brief(start).Environment["TMPDIR"] = temporary;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!, temporary);
    }

    /// <summary>On free ports, once it serves.</summary>
    public static async Task<UpProcess> ReadyAsync(params string[] words)
    {
        var up = Start(["--http", "0", "--https", "0", "--turn", "0", .. words]);
        await up.ReadyAsync();
        return up;
    }

    public async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            Lines.Add(line);
            if (line.StartsWith("ready ", StringComparison.Ordinal)) return;
        }

        Assert.Fail($"It ended before it was ready: {await _errors}");
    }

    /// <summary>The port of a listener, from the line that names it.</summary>
    public int Port(string protocol) =>
        int.Parse(Lines.First(line => line.StartsWith($"listening {protocol} 127.", StringComparison.Ordinal)).Split(':')[^1]);

    /// <summary>Waits until it ends by itself, or after a signal, or several at once: "TERM INT".</summary>
    public async Task<(int Code, string Errors)> EndAsync(string? signal = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        if (signal is not null)
        {
            // The shell's own: a small machine has no program of that name.
            using var kill = Process.Start("sh", ["-c", $"for name in {signal}; do kill -$name {_process.Id}; done"]);
            await kill.WaitForExitAsync(patience.Token);
        }

        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line) Lines.Add(line);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Temporary, recursive: true);
    }
}
