using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Portunus.Nodes.Tls;
using Portunus.Tests.Interop.Ims.Kamailio;
using StackExchange.Redis;

namespace Portunus.Tests.Interop.Redis;

/// <summary>
/// Debian's Redis on a port of loopback, which keeps nothing on disk unless it is told to; ended by its process id, and started again.
/// </summary>
sealed class RedisProgram : IDisposable
{
    public const string Password = "a-password-of-redis";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TlsFiles? _tls;
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-redis-");
    Process? _process;
    ConnectionMultiplexer? _connection;

    /// <param name="tls">When given, it speaks TLS alone and asks clients for a certificate.</param>
    public RedisProgram(TlsFiles? tls = null)
    {
        _tls = tls;
        Start();
    }

    public int Port { get; } = LoopbackPorts.Free(1)[0];

    /// <summary>As an operator looks into it.</summary>
    public IServer Server => Connection.GetServers().Single();

    public IDatabase Database => Connection.GetDatabase();

    ConnectionMultiplexer Connection => _connection ??= ConnectionMultiplexer.Connect(new ConfigurationOptions
    {
        EndPoints = { { "127.0.0.1", Port } }, Password = Password, AllowAdmin = true, ConnectTimeout = 30_000, SyncTimeout = 30_000,
    });

    /// <summary>Starts it where it was before, with what it had written to its disk: nothing, as a rule.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo("redis-server", "-")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var ready = new TaskCompletionSource();
        var output = new StringBuilder();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            output.AppendLine(line.Data);
            if (line.Data is null) ready.TrySetException(new InvalidOperationException($"Redis ended. {output}"));
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult();
        };
        _process.ErrorDataReceived += static (_, _) => { };
        try
        {
            _process.Start();
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("redis-server is missing: apt-get install redis-server", missing);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Write(Configuration());
        _process.StandardInput.Close();
        Assert.True(ready.Task.Wait(Patience), "Redis was not ready.");
    }

    /// <summary>Ends it at once; what it knew is lost.</summary>
    public void Stop()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
        // After its end: one that answers nothing would be waited for.
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose()
    {
        if (_process is not null) Stop();
        _folder.Delete(recursive: true);
    }

    string Configuration()
    {
        var listen = _tls is null
            ? $"port {Port}"
            : $"port 0\ntls-port {Port}\ntls-cert-file {_tls.Certificate}\ntls-key-file {_tls.Key}\ntls-ca-cert-file {_tls.Authorities}\n";
        return $"{listen}\nbind 127.0.0.1\nrequirepass {Password}\ndir {_folder.FullName}\nsave \"\"\nappendonly no\n";
    }
}
