using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Tests.Io.Commands;

/// <summary>The real program, started as <c>dotnet portunus.dll</c> and ended by its process id.</summary>
public sealed class PortunusProcess : IDisposable
{
    const int SigTerm = 15;
    const string Listening = "listening udp:";

    // The first start on a busy machine compiles everything.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Process _process;
    readonly BlockingCollection<string> _output = [];
    readonly ConcurrentQueue<string> _errors = [];
    readonly List<string> _seen = [];

    PortunusProcess(ProcessStartInfo start, bool readErrors = true)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text) _output.Add(text);
            else _output.CompleteAdding();
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text) _errors.Enqueue(text);
        };
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        if (readErrors) _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Standard output so far, line by line.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            while (_output.TryTake(out var line)) _seen.Add(line);
            return _seen;
        }
    }

    public string Errors => string.Join('\n', _errors);

    /// <summary>Waits until standard error has these words.</summary>
    public Task SaysAsync(string words) =>
        Eventually.TrueAsync(() => Errors.Contains(words, StringComparison.Ordinal), () => $"It did not say '{words}'. {Errors}");

    /// <summary>The addresses of the lines "listening udp:ADDRESS".</summary>
    public IReadOnlyList<TransportAddress> Listeners =>
        [.. Output.Where(line => line.StartsWith(Listening, StringComparison.Ordinal))
            .Select(line => TransportAddress.TryParse(line.AsSpan(Listening.Length), out var address) ? address : default)];

    /// <summary>The first address of a line "listening PROTOCOL ADDRESS".</summary>
    public string At(string protocol) => Output
        .First(line => line.StartsWith($"listening {protocol} ", StringComparison.Ordinal)).Split(' ')[^1];

    /// <summary>Starts a command, and returns at once.</summary>
    public static PortunusProcess Begin(params IEnumerable<string> arguments) => new(Start(arguments));

    /// <summary>Starts a command that serves, and returns when it says that it is ready.</summary>
    public static PortunusProcess Serve(params IEnumerable<string> arguments) => Serve(Start(arguments));

    /// <summary>Starts a command, and returns when it has printed a line that fits.</summary>
    public static PortunusProcess Serve(Func<string, bool> isReady, params IEnumerable<string> arguments) =>
        Serve(Start(arguments), isReady: isReady);

    /// <summary>The same, and nobody reads what it says on standard error.</summary>
    public static PortunusProcess ServeUnread(params IEnumerable<string> arguments) => Serve(Start(arguments), readErrors: false);

    /// <summary>The same under a limit of open files, as a shell sets it.</summary>
    public static PortunusProcess ServeWithFiles(int limit, params IEnumerable<string> arguments) =>
        Serve(Brief(new("sh", ["-c", $"ulimit -n {limit}; exec dotnet \"$@\"", "sh", Program, .. arguments])));

    /// <summary>The same behind another program, such as <c>setpriv</c>, which is given the command to run.</summary>
    public static PortunusProcess ServeBehind(IReadOnlyList<string> before, params IEnumerable<string> arguments) =>
        Serve(Behind(before, arguments));

    /// <summary>The same with other variables than ours.</summary>
    public static PortunusProcess ServeUnder(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = Start(arguments);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Serve(start);
    }

    /// <summary>Runs a command behind another program to its end.</summary>
    public static (int ExitCode, string Output, string Errors) RunBehind(IReadOnlyList<string> before, params IEnumerable<string> arguments)
    {
        using var process = new PortunusProcess(Behind(before, arguments));
        var code = process.WaitForExit();
        return (code, string.Join('\n', process.Output), process.Errors);
    }

    /// <summary>Runs a command to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = Start(arguments);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = new PortunusProcess(start);
        var code = process.WaitForExit();
        return (code, string.Join('\n', process.Output), process.Errors);
    }

    /// <summary>Waits for a line that fits and has not been read yet.</summary>
    public string Await(Func<string, bool> fits)
    {
        while (_output.TryTake(out var line, Patience))
        {
            _seen.Add(line);
            if (fits(line)) return line;
        }

        throw new InvalidOperationException($"It did not say so. {string.Join('\n', _seen)} {Errors}");
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public int Terminate() => Signal(SigTerm);

    /// <summary>Sends a signal that does not end it.</summary>
    public void Tell(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Sends a signal and waits for the end; returns the exit code.</summary>
    public int Signal(int signal)
    {
        Tell(signal);
        return WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    static string Program => Path.Combine(AppContext.BaseDirectory, "portunus.dll");

    static ProcessStartInfo Start(IEnumerable<string> arguments) => Brief(new("dotnet", [Program, .. arguments]));

    static ProcessStartInfo Behind(IReadOnlyList<string> before, IEnumerable<string> arguments) =>
        before.Count == 0 ? Start(arguments) : Brief(new(before[0], [.. before.Skip(1), "dotnet", Program, .. arguments]));

    /// <summary>As a process of seconds: a compiler that watches what to compile again later costs each start an eighth more.</summary>
    internal static ProcessStartInfo Brief(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    static PortunusProcess Serve(ProcessStartInfo start, bool readErrors = true, Func<string, bool>? isReady = null)
    {
        isReady ??= line => line == "ready" || line.StartsWith("ready ", StringComparison.Ordinal);
        var process = new PortunusProcess(start, readErrors);
        try
        {
            while (process._output.TryTake(out var line, Patience))
            {
                process._seen.Add(line);
                if (isReady(line)) return process;
            }

            throw new InvalidOperationException($"It was not ready. {process.Errors}");
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it ends by itself; returns the exit code.</summary>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience), $"It did not end. {Errors}");
        _process.WaitForExit(); // And until its output is read.
        return _process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);
}
