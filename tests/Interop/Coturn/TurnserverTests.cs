using System.Diagnostics;
using System.Net;
using Portunus.Bedrock;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Debian's <c>turnserver</c> takes what <c>portunus credentials mint</c> makes of the same secret.</summary>
public sealed class TurnserverTests(CoturnFixture fixture)
{
    [Fact]
    public void A_minted_credential_is_taken_by_coturn_and_by_us_and_an_edited_one_by_neither()
    {
        var port = CoturnProgram.FreePort(IPAddress.Loopback);
        var files = Directory.CreateTempSubdirectory("coturn-");
        try
        {
            using var coturn = CoturnProgram.Serve("turnserver", "-n", "-p", $"{port}", "-L", "127.0.0.1", "-E", "127.0.0.1",
                "--use-auth-secret", $"--static-auth-secret={CoturnFixture.Secret}", "--realm=example.org",
                "--allow-loopback-peers", "--no-cli", "--no-tls", "--no-dtls", "--no-tcp", "--log-file=stdout",
                $"--pidfile={files.FullName}/pid", $"--userdb={files.FullName}/db");
            var theirs = new IPEndPoint(IPAddress.Loopback, port);
            Assert.True(Answers(TransportAddress.From(theirs)), coturn.Output);

            var (name, password) = MintedCredential.Of(CoturnFixture.Secret);
            foreach (var server in new[] { TransportAddress.From(theirs), fixture.IPv4 })
            {
                var run = Uclient(server, name, password);
                Assert.True(run is { ExitCode: 0, Sent: 500, Received: 500 }, run.Output);
                // Its expiry moved by a second.
                var (expiry, user) = (long.Parse(name.Split(':')[0], null), name.Split(':')[1]);
                Assert.NotEqual(0, Uclient(server, $"{expiry + 1}:{user}", password).ExitCode);
            }
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    UclientRun Uclient(TransportAddress server, string name, string password) => UclientRun.Once(
        ["-u", name, "-w", password, "-c", "-s", .. fixture.ToPeer, .. UclientRun.Messages(500), .. UclientRun.At(server)]);

    /// <summary>Whether a server that was just started answers a Binding in the end.</summary>
    internal static bool Answers(TransportAddress server)
    {
        for (var start = Stopwatch.StartNew(); start.Elapsed < TimeSpan.FromSeconds(30);)
            try
            {
                using var client = new RawClient(server, "", "");
                return client.Bind().Error is null;
            }
            catch (System.Net.Sockets.SocketException)
            {
                Thread.Sleep(100); // Nobody listens there yet.
            }

        return false;
    }
}
