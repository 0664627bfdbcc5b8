using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>A server that the suite started, ended by its process id.</summary>
sealed class ServerProcess : IDisposable
{
    // The first start on a busy machine compiles everything.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Process _process;
    readonly StringBuilder _output = new();

    public ServerProcess(string program, params IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new(program, arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
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
            throw new InvalidOperationException($"{program} is missing", missing);
        }

        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a program says until it ends.</summary>
    public static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = new ServerProcess(program, arguments);
        if (!process._process.WaitForExit(Patience)) throw new InvalidOperationException($"{program} did not end. {process.Output}");
        process._process.WaitForExit(); // And until its output is read.
        return process.Output;
    }

    /// <summary>What it said so far, on both outputs.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Waits until it has printed a line that begins so, and returns all such lines' rests.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not say so.</exception>
    public void Await(string line)
    {
        var clock = Stopwatch.StartNew();
        lock (_output)
        {
            while (!$"\n{_output}".Contains($"\n{line}", StringComparison.Ordinal))
            {
                if (clock.Elapsed > Patience || _process.HasExited)
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} did not say '{line}'. {_output}");
                Monitor.Wait(_output, TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>What follows each beginning like this of a line.</summary>
    public IReadOnlyList<string> Rests(string beginning) => [.. Output.Split('\n')
        .Where(line => line.StartsWith(beginning, StringComparison.Ordinal))
        .Select(line => line[beginning.Length..].Trim())];

    /// <summary>A UDP port of loopback, free a moment ago for UDP and TCP: the first of so many that follow each other.</summary>
    public static int FreePorts(int count = 1)
    {
        while (true)
        {
            // Below the range of which systems give clients their ports, so that nobody else is given one meanwhile.
            var first = Random.Shared.Next(10000, 15000) * 2;
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    static bool IsFree(int port)
    {
        try
        {
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.Append(line.Data).Append('\n');
            Monitor.PulseAll(_output);
        }
    }
}
