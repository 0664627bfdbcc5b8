using System.Net;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Interop.Coturn;

/// <summary><c>portunus wic relay</c> through Debian's <c>turnserver</c>, no packet lost.</summary>
public sealed class WicTests : IDisposable
{
    static readonly string[] Short = ["--seconds", "2", "--rate", "100"];

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

    string[] As(TransportAddress server, string password) =>
        ["--turn", $"turn:{server}?transport=udp", "--turn-user", "alice", "--turn-password", Secret(password)];

    string Secret(string secret)
    {
        var file = Path.Combine(_files.FullName, secret);
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
