using System.Net;
using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Interop.Coturn;

/// <summary><c>portunus import</c> with what Debian's package has: its example, its help, and its server beside ours.</summary>
public sealed partial class ImportTests(CoturnFixture fixture)
{
    const string Example = "/usr/share/doc/coturn/examples/etc/turnserver.conf";

    // Not that of the example, which is not taken over.
    const string Secret = "a-secret-that-is-nowhere-else";

    [Fact]
    public void Every_option_of_the_example_and_of_the_help_is_known()
    {
        var folder = Directory.CreateTempSubdirectory("coturn-");
        try
        {
            // The example has every option, most of them behind a '#'; two lines there are prose.
            string[] prose = ["OR:", "Local "];
            var all = File.ReadAllLines(Example).Select(line => Commented().Replace(line, "$1"))
                .Where(line => !prose.Any(words => line.StartsWith(words, StringComparison.Ordinal))).ToArray();
            var (_, help) = CoturnProgram.Run("turnserver", TimeSpan.FromSeconds(30), "-h");
            var named = HelpOption().Matches(help).Select(option => option.Groups[1].Value).Distinct().ToArray();
            Assert.InRange(named.Length, 90, 200);
            Assert.InRange(all.Count(line => line.Length > 0 && line[0] != '#'), 100, 200);
            foreach (var text in new[] { string.Join('\n', all), string.Join('\n', named) })
            {
                var conf = Path.Combine(folder.FullName, "turnserver.conf");
                File.WriteAllText(conf, text);
                var (_, output, errors) = PortunusProcess.Run(["import", conf, "--realm", "example.org"]);
                Assert.DoesNotContain("no option of coturn", errors, StringComparison.Ordinal);
                Assert.StartsWith("{", output, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_client_of_coturn_finds_the_server_that_was_imported_as_the_one_before()
    {
        var port = CoturnProgram.FreePort(IPAddress.Loopback);
        var folder = Directory.CreateTempSubdirectory("coturn-");
        try
        {
            var conf = Path.Combine(folder.FullName, "turnserver.conf");
            File.WriteAllText(conf, $"""
                listening-ip=127.0.0.1
                listening-port={port}
                relay-ip=127.0.0.1
                use-auth-secret
                static-auth-secret={Secret}
                realm=example.org
                no-tcp
                no-tls
                no-dtls
                no-cli
                allow-loopback-peers
                log-file=stdout
                pidfile={folder.FullName}/pid
                userdb={folder.FullName}/db
                """);
            var (name, password) = MintedCredential.Of(Secret);
            var at = TransportAddress.From(IPAddress.Loopback, (ushort)port);
            using (var theirs = CoturnProgram.Serve("turnserver", "-c", conf))
            {
                Assert.True(TurnserverTests.Answers(at), theirs.Output);
                Uclient(at, name, password).AssertNoLoss(200);
            }

            var (code, output, errors) = PortunusProcess.Run(["import", conf, "--secret-files", folder.FullName]);
            Assert.True(code == 0, errors);
            Assert.Contains("allow-loopback-peers: clients would reach", errors, StringComparison.Ordinal);
            var file = Path.Combine(folder.FullName, "portunus.json");
            // Loopback is opened by hand, as the report says.
            const string Before = "\"relayAddresses\"";
            File.WriteAllText(file, output.Replace(Before, $"\"allowPeers\": [\"127.0.0.0/8\"], {Before}", StringComparison.Ordinal));
            using var ours = PortunusProcess.Serve("serve", "--config", file);
            Uclient(at, name, password).AssertNoLoss(200);
            Assert.Equal(0, ours.Terminate());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    UclientRun Uclient(TransportAddress server, string name, string password) => UclientRun.Once(
        ["-u", name, "-w", password, "-c", "-s", .. fixture.ToPeer, .. UclientRun.Messages(200), .. UclientRun.At(server)]);

    [GeneratedRegex("^#([a-zA-Z])")]
    private static partial Regex Commented();

    [GeneratedRegex(@"(?m)^\s*(?:-[A-Za-z], )*--([a-zA-Z][a-zA-Z0-9_-]+)")]
    private static partial Regex HelpOption();
}
