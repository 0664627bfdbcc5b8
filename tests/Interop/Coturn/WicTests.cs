using System.Net;
using Microsoft.Data.Sqlite;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Interop.Coturn;

/// <summary><c>portunus wic relay</c> through Debian's <c>turnserver</c>, no packet lost.</summary>
public sealed class WicTests : IDisposable
{
    static readonly string[] Short = ["--seconds", "2", "--rate", "100"];

    static readonly string Key = Convert.ToBase64String(new byte[32]);

    readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("coturn-");

    public void Dispose() => _files.Delete(recursive: true);

    [Fact]
    public void With_name_and_password_to_an_echo_in_another_process()
    {
        using var coturn = Serve(out var server, "--lt-cred-mech", "--user=alice:wonderland");
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        WicRun.Of(["relay", .. As(server, "wonderland"), "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(200);
        Assert.Equal(0, echo.Terminate());
    }

    [Fact]
    public void With_the_shared_secret_and_an_echo_behind_a_second_relay()
    {
        using var coturn = Serve(out var server, "--use-auth-secret", "--static-auth-secret=north");
        string[] words = ["relay", "--turn", $"turn:{server}?transport=udp", .. Short, "--turn-secret"];
        WicRun.Of([.. words, Secret("north")]).AssertNoLoss(200);
        WicRun.Of([.. words, Secret("south")])
            .AssertRefused("refuses the credential (401 Unauthenticated)");
    }

    [Fact]
    public void With_an_access_token_of_ours()
    {
        // coturn reads the keys of authorization servers from its data base, and nowhere else; without a realm it crashes.
        using (var db = new SqliteConnection($"Data Source={_files.FullName}/db;Pooling=False"))
        {
            db.Open();
            using var command = db.CreateCommand();
            command.CommandText = """
                CREATE TABLE oauth_key (kid varchar(128), ikm_key varchar(256), timestamp bigint default 0,
                    lifetime integer default 0, as_rs_alg varchar(64) default '', realm varchar(127), primary key (kid));
                INSERT INTO oauth_key (kid, ikm_key, as_rs_alg, realm) VALUES ('waf1', $key, 'A256GCM', 'example.org');
                """;
            command.Parameters.AddWithValue("$key", Key);
            command.ExecuteNonQuery();
        }

        using var coturn = Serve(out var server, "--lt-cred-mech", "--oauth", "--server-name=turn1.example.org");
        var (code, token, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", $"waf1:A256GCM:{Key}", "--server-name", "turn1.example.org", "--lifetime", "600"]);
        Assert.True(code == 0, errors);
        WicRun.Of(["relay", "--turn", $"turn:{server}?transport=udp", .. Short, "--turn-token", Secret(token),
            "--turn-server-name", "turn1.example.org"]).AssertNoLoss(200);
    }

    string[] As(TransportAddress server, string password) =>
        ["--turn", $"turn:{server}?transport=udp", "--turn-user", "alice", "--turn-password", Secret(password)];

    string Secret(string secret)
    {
        var file = Path.Combine(_files.FullName, Path.GetRandomFileName());
        File.WriteAllText(file, secret);
        return $"@{file}";
    }

    CoturnProgram Serve(out TransportAddress server, params string[] more)
    {
        var port = CoturnProgram.FreePort(IPAddress.Loopback);
        server = TransportAddress.From(IPAddress.Loopback, (ushort)port);
        var coturn = CoturnProgram.Serve(
            "turnserver",
            ["-n", "-p", $"{port}", "-L", "127.0.0.1", "-E", "127.0.0.1", "--realm=example.org", "--allow-loopback-peers",
                "--no-cli", "--no-tls", "--no-dtls", "--no-tcp", "--log-file=stdout", $"--pidfile={_files.FullName}/pid",
                $"--userdb={_files.FullName}/db", .. more]);
        Assert.True(TurnserverTests.Answers(server), coturn.Output);
        return coturn;
    }
}
