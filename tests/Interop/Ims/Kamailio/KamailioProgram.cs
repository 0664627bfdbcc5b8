using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Portunus.Tests.Interop.Ims.Kamailio;

/// <summary>One Kamailio in the foreground, with its children; ended by its process id.</summary>
sealed class KamailioProgram : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly Process _process;
    readonly StringBuilder _log = new();
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">Of its configuration file, without <c>.cfg</c>.</param>
    /// <param name="folder">Where that file is; sockets and pid file go there, too.</param>
    public KamailioProgram(string name, string folder)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder, $"{name}.run")).FullName;
        // -DD stays in the foreground but forks its workers, -E logs to stderr, -m and -M are MB of memory shared and private.
        _process = new Process
        {
            StartInfo = new("kamailio",
            [
                "-DD", "-E", "-m", "64", "-M", "8", "-f", Path.Combine(folder, $"{name}.cfg"),
                "-P", Path.Combine(run, "pid"), "-Y", run, "-w", run,
            ])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        try
        {
            _process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                "kamailio is missing: apt-get install kamailio kamailio-ims-modules kamailio-presence-modules", missing);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>What a configuration logs when its workers have started.</summary>
    public const string ReadyLine = "the workers have started";

    /// <summary>When its workers have started, and so all its sockets are open; only of a configuration that says so.</summary>
    public Task Ready => _ready.Task;

    /// <summary>When it has ended, by itself or not.</summary>
    public Task Ended { get; }

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            using (var signal = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]))
                signal.WaitForExit();
        if (!_process.WaitForExit(Patience)) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_log) _log.AppendLine(line.Data);
        if (line.Data?.Contains(ReadyLine, StringComparison.Ordinal) == true) _ready.TrySetResult();
    }
}
