using System.Text;
using Portunus.Server.Configuration;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Serve;

namespace Portunus.Tests.Io.Commands;

/// <summary><c>portunus import</c>: a configuration of coturn becomes one of ours, and every line has its say.</summary>
public sealed class ImportCommandTests : IDisposable
{
    // As guides for a chat server have it.
    const string Guide = """
        # a comment
        listening-ip=127.0.0.1
        listening-port=LISTEN
        use-auth-secret
        static-auth-secret = "a secret: of sixteen # characters"
        realm=turn.example.org
          user-quota=12 
        total-quota=1200
        no-tcp-relay
        # No private networks,
        denied-peer-ip=10.0.0.0-10.255.255.255
        denied-peer-ip=192.168.0.0-192.168.255.255
        denied-peer-ip=198.41.0.0-198.41.0.11
        # but this one.
        allowed-peer-ip=10.1.2.3
        no-multicast-peers
        cert=certificate.pem
        no-cli
        prometheus
        prometheus-port=0
        user=carol:a long password of hers
        stale-nonce=600
        no-such-option=1
        """;

    readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_comes_out_of_a_guide_starts_and_serves_who_has_the_secret_and_the_password()
    {
        var conf = _folder.Write("turnserver.conf", Guide.Replace("LISTEN", "3478", StringComparison.Ordinal));
        var (code, output, errors) = PortunusProcess.Run(["import", conf, "--secret-files", _folder.Path]);
        Assert.True(code == 0, errors);
        Assert.DoesNotContain("a secret: of sixteen", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a long password", output + errors, StringComparison.Ordinal);
        // Port 0, which coturn does not know, so that tests do not meet; and loopback peers for this test.
        var file = _folder.Write("portunus.json", output.Replace("127.0.0.1:3478", "127.0.0.1:0", StringComparison.Ordinal)
            .Replace("\"10.1.2.3/32\"", "\"10.1.2.3/32\", \"127.0.0.0/8\"", StringComparison.Ordinal));
        var check = PortunusProcess.Run(["check", file]);
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));

        using var server = PortunusProcess.Serve("serve", "--config", file);
        Assert.True(Bedrock.TransportAddress.TryParse(server.At("turn"), out var at));
        var minted = PortunusProcess.Run(
            ["credentials", "mint", "--secret", $"@{_folder.Path}/turn-secret-1", "--user", "alice", "--ttl", "600"]).Output;
        using var json = System.Text.Json.JsonDocument.Parse(minted);
        using var browser = new RawClient(
            at, json.RootElement.GetProperty("username").GetString()!, json.RootElement.GetProperty("credential").GetString()!);
        Assert.Null(browser.Allocate().Error);
        using var carol = new RawClient(at, "carol", "a long password of hers");
        Assert.Null(carol.Allocate().Error);
        Assert.Null(carol.Permit(Peer("10.1.2.3:9")).Error);
        Assert.Equal(Stun.ErrorCode.Forbidden, carol.Permit(Peer("10.1.2.4:9")).Error);
        Assert.Equal(Stun.ErrorCode.Forbidden, carol.Permit(Peer("198.41.0.11:9")).Error);
        Assert.Null(carol.Permit(Peer("198.41.0.12:9")).Error);
        Assert.Equal(0, server.Terminate());
        if (OperatingSystem.IsLinux())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "turn-secret-1")));
    }

    [Fact]
    public void Each_line_is_told_with_its_number_and_every_reason()
    {
        var conf = _folder.Write("turnserver.conf", Guide.Replace("LISTEN", "3478", StringComparison.Ordinal));
        var (code, output, errors) = PortunusProcess.Run(["import", conf]);
        Assert.True(code == 0, errors);
        foreach (var said in new[]
        {
            ":2: listening-ip: turn.listen", ":5: static-auth-secret: turn.secrets", ":6: realm: realm",
            ":7: user-quota: turn.quotas.userQuota",
            ":9: no-tcp-relay: TCP relays are off", ":11: denied-peer-ip: special-purpose addresses are refused anyway",
            ":13: denied-peer-ip: turn.denyPeers", ":15: allowed-peer-ip: turn.allowPeers", ":18: no-cli: ",
            ":19: prometheus: admin.listen", ":21: user: turn.users", ":23: no-such-option: no option of coturn",
            "  turn-secret-1 must be written by you", "a denied range beats an allowed one",
        })
            Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Contains("\"@turn-secret-1\"", output, StringComparison.Ordinal);
        foreach (var quota in new[] { "\"userQuota\": 12", "\"staticUserQuota\": 12", "\"totalQuota\": 1200" })
            Assert.Contains(quota, output, StringComparison.Ordinal);
        // Each line of the file that says something is told once.
        var lines = Guide.Split('\n').Index().Where(line => line.Item.Trim() is { Length: > 0 } text && text[0] != '#');
        Assert.All(lines, line => Assert.Single(
            errors.Split('\n'), said => said.Contains($".conf:{line.Index + 1}: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("tcp-proxy-port=5555", "\"tcp:192.0.2.1:5555\"", ":3: tcp-proxy-port: turn.listen")]
    [InlineData("tcp-proxy-port=5555", "\"tcp:192.0.2.1:3478\"", "write the balancers' addresses there")]
    [InlineData("tcp-proxy-port=0", "\"tcp:192.0.2.1:3478\"", "tcp-proxy-port: it is no port")]
    [InlineData("tcp-proxy-port=5555\nno-tcp", "\"192.0.2.1:3478\"", "tcp-proxy-port: no-tcp leaves it without a listener")]
    public void A_port_for_balancers_is_heard_and_who_they_are_is_to_be_written(string lines, string listener, string says)
    {
        var conf = _folder.Write("turnserver.conf", $"listening-ip=192.0.2.1\nrealm=example.org\n{lines}\n");
        var (_, output, errors) = PortunusProcess.Run(["import", conf]);
        Assert.Contains(listener, output, StringComparison.Ordinal);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Mobility_is_taken_over_with_as_many_workers_as_there_are_threads()
    {
        var conf = _folder.Write("turnserver.conf", """
            listening-ip=127.0.0.1
            relay-ip=127.0.0.1
            realm=example.org
            user=carol:a long password of hers
            relay-threads=4
            mobility
            """);
        var (code, output, errors) = PortunusProcess.Run(["import", conf, "--secret-files", _folder.Path]);
        Assert.True(code == 0, errors);
        Assert.Contains("\"workers\": 4", output, StringComparison.Ordinal);
        Assert.Contains("\"mobility\": true", output, StringComparison.Ordinal);
        Assert.Contains(":6: mobility: turn.mobility", errors, StringComparison.Ordinal);
        var check = PortunusProcess.Run(["check", _folder.Write("portunus.json", output)]);
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
    }

    [Fact]
    public void That_TCP_relays_are_on_there_is_told_unless_they_were_switched_off()
    {
        const string least = "listening-ip=192.0.2.1\nrealm=example.org\nuser=carol:a long password of hers\n";
        var (code, _, errors) = PortunusProcess.Run(["import", _folder.Write("on.conf", least)]);
        Assert.True(code == 0, errors);
        Assert.Contains("off unless asked for, by \"tcpRelay\": true", errors, StringComparison.Ordinal);
        (_, _, errors) = PortunusProcess.Run(["import", _folder.Write("off.conf", $"{least}no-tcp-relay\n")]);
        Assert.DoesNotContain("tcpRelay", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unsafe_there_is_left_out_and_told()
    {
        var conf = _folder.Write("turnserver.conf", """
            listening-ip=192.0.2.1
            realm=example.org
            no-auth
            allow-loopback-peers
            server-relay
            static-auth-secret=north
            user=ninefingers:youhavetoberealistic
            user=dave:0xbc807ee29df3c9ffa736523fb2c4e8ee
            stale-nonce=0
            tlsv1
            allowed-peer-ip=224.0.0.1
            """);
        var (code, output, errors) = PortunusProcess.Run(["import", conf]);
        Assert.Equal(1, code);
        Assert.Contains(
            "portunus: No server can be started from this yet: turn: nobody could use this server", errors, StringComparison.Ordinal);
        var unsafeOnes = errors[errors.IndexOf("unsafe, and not taken over:", StringComparison.Ordinal)..];
        string[] names =
        [
            "3: no-auth", "4: allow-loopback-peers", "5: server-relay", "6: static-auth-secret", "7: user", "9: stale-nonce", "10: tlsv1",
        ];
        foreach (var name in names)
            Assert.Contains($".conf:{name}: ", unsafeOnes, StringComparison.Ordinal);
        Assert.Contains("8: user: it holds a hash", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("bc807ee2", output + errors, StringComparison.Ordinal);
        foreach (var word in new[] { "allowPeers", "secrets", "users", "north" })
            Assert.DoesNotContain(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Alternates_external_addresses_and_a_missing_realm_and_listener_are_filled_in_as_asked()
    {
        var conf = _folder.Write("turnserver.conf", """
            lt-cred-mech
            user=erin:another long password
            alternate-server=198.51.100.7
            tls-alternate-server=[2001:db8::7]:443
            min-port=50000
            max-port 50100
            relay-threads=3
            log-min-level=warning
            """);
        var missing = PortunusProcess.Run(["import", conf, "--address", "192.0.2.1"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("--realm NAME", missing.Errors, StringComparison.Ordinal);
        var (code, output, errors) = PortunusProcess.Run(
            ["import", conf, "--realm", "Example.org", "--address", "192.0.2.1", "--address", "2001:db8::1", "--inline-secrets"]);
        Assert.True(code == 0, errors);
        var file = ConfigurationFile.Parse("portunus.json", Encoding.UTF8.GetBytes(output), _folder.Path, _ => { });
        Assert.NotNull(file.Root?.Turn);
        var turn = file.Root.Turn;
        Assert.Equal(("example.org", "Example.org", "warning"), (file.Root.Domain, file.Root.TurnRealm, file.Root.LogLevel));
        Assert.Equal(
            ["udp:192.0.2.1:3478", "udp:[2001:db8::1]:3478", "tcp:192.0.2.1:3478", "tcp:[2001:db8::1]:3478"],
            turn.Listen.Where(at => at.Address.Port == 3478).Select(at => at.ToString()));
        Assert.Equal(["192.0.2.1", "2001:db8::1"], turn.RelayAddresses.Select(at => at.ToString()));
        Assert.Equal(("50000-50100", 3, "always"), (turn.RelayPorts.ToString(), turn.Workers, turn.Redirect));
        Assert.Equal(["198.51.100.7:3478 False", "[2001:db8::7]:443 True"], turn.Alternates.Select(one => $"{one.Address} {one.Tls}"));
        Assert.Equal("another long password", turn.Users[0].Password.Value);
    }

    [Fact]
    public void Files_that_are_there_are_not_touched_and_wrong_usage_is_2()
    {
        _folder.Write("turn-user-1", "mine");
        var conf = _folder.Write("turnserver.conf", "realm=a.example\nlistening-ip=127.0.0.1\nuser=a:another long password\n");
        var refused = PortunusProcess.Run(["import", conf, "--secret-files", _folder.Path]);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("must not be there yet", refused.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "turn-user-1")));
        Assert.Equal(1, PortunusProcess.Run(["import", "/no/such/turnserver.conf"]).ExitCode);
        Assert.Equal(2, PortunusProcess.Run(["import"]).ExitCode);
        Assert.Equal(2, PortunusProcess.Run(["import", conf, "--inline-secrets", "--secret-files", _folder.Path]).ExitCode);
    }

    static Bedrock.TransportAddress Peer(string text) => Bedrock.TransportAddress.TryParse(text, out var address) ? address : default;
}
