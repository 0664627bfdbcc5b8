using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using Portunus.Tests.Interop.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Portunus.Tests.Interop.Postgres;

/// <summary>
/// Debian's PostgreSQL on a free port of loopback, with a cluster of its own in a temporary folder; started by the first test
/// that asks, once for all, and ended by its process id. It refuses to run as root, so then it runs as Debian's user postgres.
/// </summary>
public sealed class PostgresFixture : IDisposable
{
    readonly Lazy<Server> _server = new(() => new Server());
    int _databases;

    /// <summary>The connection to a new, empty data base.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(_server.Value.Connection("postgres"));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}";
        command.ExecuteNonQuery();
        return _server.Value.Connection(name);
    }

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }

    sealed class Server : IDisposable
    {
        readonly string _folder = Directory.CreateTempSubdirectory("portunus-postgres-").FullName;
        readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        readonly int _port = FreePort();
        readonly Process _process;
        readonly TaskCompletionSource _ready = new();

        public Server()
        {
            var secret = Path.Combine(_folder, "password");
            File.WriteAllText(secret, _password);
            if (IsRoot) Run("chown", "-R", "postgres", _folder);
            var data = Path.Combine(_folder, "data");
            Run("initdb", "-D", data, "-U", "waf", "--auth=scram-sha-256", $"--pwfile={secret}", "--encoding=UTF8", "--locale=C",
                "--no-sync");
            _process = Process.Start(Unprivileged(
                "postgres", "-D", data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "fsync=off"))!;
            _process.OutputDataReceived += static (_, _) => { };
            _process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is null) _ready.TrySetException(new InvalidOperationException("PostgreSQL ended at its start."));
                else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal)) _ready.TrySetResult();
            };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            _ready.Task.GetAwaiter().GetResult();
        }

        static bool IsRoot => Environment.UserName == "root";

        public string Connection(string database) => new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = _port, Database = database, Username = "waf", Password = _password,
        }.ToString();

        public void Dispose()
        {
            NpgsqlConnection.ClearAllPools();
            // The postmaster takes its children with it when it is interrupted; killed, it would leave them.
            Run("kill", "-INT", $"{_process.Id}");
            _process.WaitForExit();
            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        static ProcessStartInfo Unprivileged(string program, params string[] arguments)
        {
            var path = Find(program);
            // setpriv becomes the program: its process id is ours to end.
            string[] asUser = IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", path] : [path];
            return new(asUser[0], [.. asUser[1..], .. arguments])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
            };
        }

        /// <summary>Debian keeps the server's programs out of the path.</summary>
        static string Find(string program)
        {
            const string versions = "/usr/lib/postgresql";
            var found = Directory.Exists(versions)
                ? Directory.EnumerateDirectories(versions).Select(version => $"{version}/bin/{program}").Where(File.Exists).Max()
                : null;
            return found ?? throw new InvalidOperationException("The server is missing: apt-get install postgresql");
        }

        static void Run(string program, params string[] arguments)
        {
            var start = program == "initdb" ? Unprivileged(program, arguments) : new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            try
            {
                using var process = Process.Start(start)!;
                process.OutputDataReceived += static (_, _) => { };
                process.BeginOutputReadLine();
                var error = process.StandardError.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {error}");
            }
            catch (Win32Exception missing)
            {
                throw new InvalidOperationException($"{program} is missing.", missing);
            }
        }

        static int FreePort()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
