using System.Diagnostics;
using System.Text;

namespace Portunus.Tests.Io.Transport;

/// <summary>OpenSSL's client as a process of its own; ended with the test.</summary>
sealed class OpenSslClient : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();

    OpenSslClient(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Both of its streams, line by line.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    public static OpenSslClient Start(int port, params string[] options)
    {
        ProcessStartInfo start = new("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!);
    }

    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task SaysAsync(string words) => Eventually.TrueAsync(() => Output.Contains(words, StringComparison.Ordinal), () => Output);

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    void Note(string? line)
    {
        lock (_output) _output.Append(line).Append('\n');
    }
}
