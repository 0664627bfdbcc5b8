using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>One of the programs of Debian's package coturn, ended by its process id.</summary>
public sealed class CoturnProgram : IDisposable
{
    readonly Process _process;
    readonly StringBuilder _output = new();

    CoturnProgram(string name, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Append;
        _process.ErrorDataReceived += Append;
        try
        {
            _process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{name} is missing: apt-get install coturn", missing);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a program that serves until it is disposed.</summary>
    public static CoturnProgram Serve(string name, params IEnumerable<string> arguments) => new(name, arguments);

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, string Output) Run(string name, TimeSpan patience, params IEnumerable<string> arguments)
    {
        using var program = new CoturnProgram(name, arguments);
        if (!program._process.WaitForExit(patience)) throw new TimeoutException($"{name} did not end. {program.Output}");
        program._process.WaitForExit(); // And until its output is read.
        return (program._process.ExitCode, program.Output);
    }

    /// <summary>The same without a thread that waits.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string name, TimeSpan patience, params IEnumerable<string> arguments)
    {
        using var program = new CoturnProgram(name, arguments);
        try
        {
            await program._process.WaitForExitAsync().WaitAsync(patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} did not end. {program.Output}");
        }

        return (program._process.ExitCode, program.Output);
    }

    /// <summary>A UDP port of loopback that was free a moment ago: these programs cannot say which one the system gave.</summary>
    public static int FreePort(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
