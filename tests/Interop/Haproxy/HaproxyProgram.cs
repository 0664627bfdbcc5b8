using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Tests.Interop.Haproxy;

/// <summary>Debian's <c>haproxy</c> on loopback before one server, ended by its process id.</summary>
sealed class HaproxyProgram : IDisposable
{
    /// <summary>From where it connects to servers: the address that these know as a balancer's.</summary>
    public const string Address = "127.0.0.9";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("haproxy-");
    readonly Process _process;
    readonly Task<string> _errors;

    HaproxyProgram(TransportAddress front, TransportAddress server, string options)
    {
        Front = front;
        var file = Path.Combine(_folder.FullName, "haproxy.cfg");
        File.WriteAllText(file, $"""
            defaults
                mode tcp
                timeout connect 60s
                timeout client 1h
                timeout server 1h
            listen turn
                bind {front}
                server turn {server} {options} source {Address}

            """);
        _process = new() { StartInfo = new("haproxy", ["-db", "-f", file]) { RedirectStandardError = true } };
        try
        {
            _process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("haproxy is missing: apt-get install haproxy", missing);
        }

        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where clients go.</summary>
    public TransportAddress Front { get; }

    /// <summary>Starts one and waits until it takes connections.</summary>
    /// <param name="server">Where it passes them on.</param>
    /// <param name="options">Of its line <c>server</c>.</param>
    public static HaproxyProgram Start(TransportAddress server, string options)
    {
        // It cannot say which port the system gave; one that was free a moment ago may be taken by now.
        for (var tries = 1; ; tries++)
        {
            var program = new HaproxyProgram(FreePort(), server, options);
            if (program.Listens()) return program;
            var errors = program._process.HasExited ? program._errors.GetAwaiter().GetResult() : "it does not listen";
            program.Dispose();
            if (tries == 5) throw new InvalidOperationException($"haproxy did not start: {errors}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    bool Listens()
    {
        for (var start = Stopwatch.StartNew(); start.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited; Thread.Yield())
            try
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                probe.Connect(Front.ToIPEndPoint());
                return true;
            }
            catch (SocketException)
            {
                // Not yet.
            }

        return false;
    }

    static TransportAddress FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }
}
