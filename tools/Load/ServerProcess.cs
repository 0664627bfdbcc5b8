using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Load;

/// <summary>A server under load, started here and ended by its process id.</summary>
sealed class ServerProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly List<string> _said = [];

    ServerProcess(string program, IEnumerable<string> arguments)
    {
        _process = new()
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Starts <c>portunus serve</c>, and returns when it serves.</summary>
    public static ServerProcess Portunus(string configuration)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "portunus.dll");
        var server = new ServerProcess("dotnet", [program, "serve", "--config", configuration]);
        server.Await(() => server.Says("ready"));
        return server;
    }

    /// <summary>Starts Debian's coturn with one relay thread, as the other has one worker, and returns when it answers.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="files">Takes its log.</param>
    /// <param name="credentials">Its options for them.</param>
    public static ServerProcess Coturn(int port, OperatorFiles files, params string[] credentials)
    {
        var server = new ServerProcess("turnserver",
        [
            "-n", "--no-cli", "--realm=bench", "--listening-ip=127.0.0.1", $"--listening-port={port}", "--relay-ip=127.0.0.1",
            "--min-port=40000", "--max-port=59999", "--no-tcp", "--no-tls", "--no-dtls", "--allow-loopback-peers",
            "--relay-threads=1", "--simple-log", "--no-stdout-log", $"--log-file={files.PathOf($"coturn-{port}.log")}",
            $"--pidfile={files.PathOf($"coturn-{port}.pid")}", $"--userdb={files.PathOf($"coturn-{port}.db")}", .. credentials,
        ]);
        server.Await(() => Answers(port));
        return server;
    }

    /// <summary>Whether Debian's coturn is on this machine.</summary>
    public static bool HasCoturn => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "turnserver")));

    /// <summary>A port that was free a moment ago, of both protocols: of two processes that name each other one must begin.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What it said at its start: <c>listening PROTOCOL ADDRESS</c>.</summary>
    public IPEndPoint At(string protocol)
    {
        var begin = $"listening {protocol} ";
        lock (_said) return IPEndPoint.Parse(_said.First(line => line.StartsWith(begin, StringComparison.Ordinal))[begin.Length..]);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>A Binding request (RFC 8489 §2) is answered by whoever serves.</summary>
    static bool Answers(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        try
        {
            socket.Send([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]]);
            return socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead) && socket.Receive(new byte[548]) > 0;
        }
        catch (SocketException)
        {
            // Nobody listens there yet.
            return false;
        }
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_said) _said.Add(text);
    }

    bool Says(string line)
    {
        lock (_said) return _said.Contains(line);
    }

    void Await(Func<bool> isThere)
    {
        for (var until = Stopwatch.StartNew(); !isThere(); Thread.Sleep(50))
            if (until.Elapsed > Patience || _process.HasExited)
            {
                string said;
                lock (_said) said = string.Join('\n', _said);
                Dispose();
                throw new InvalidOperationException($"A server did not start.\n{said}");
            }
    }
}
