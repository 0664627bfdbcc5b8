using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Serve;

/// <summary><c>portunus serve</c> upon SIGHUP and SIGTERM, as an operator uses it.</summary>
public sealed class ReloadTests : IDisposable
{
    const int SigHup = 1;

    const string Text = """
        { "domain": "ims.example.net",
          "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"], "drainSeconds": 600,
            "audit": "audit.jsonl", "users": [{ "name": "user", "password": "@alice-password" }] },
          "admin": { "listen": "127.0.0.1:0", "tokenFile": "admin-token" } }
        """;

    readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Peers_users_alternates_and_log_level_are_taken_over_while_media_runs_and_what_waits_is_said()
    {
        using var server = PortunusProcess.Serve("serve", "--config", _folder.Write("portunus.json", Text));
        Assert.True(TransportAddress.TryParse(server.At("turn"), out var at));
        using RawClient from = new(at, "user", ConfigurationFolder.Password), to = new(at, "user", ConfigurationFolder.Password);
        var (here, there) = (from.Allocate().Relayed, to.Allocate().Relayed);
        Assert.Null(from.BindChannel(0x4000, there).Error);
        Assert.Null(to.BindChannel(0x4000, here).Error);
        using var denied = UdpDatagrams.Open(TransportAddress.IPv4(0x7F000002, 0));
        Assert.Null(from.BindChannel(0x4001, denied.Local).Error);

        _folder.Write("portunus.json", """
            { "logLevel": "warning", "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"], "drainSeconds": 600,
                "audit": "audit.jsonl", "denyPeers": ["127.0.0.2"], "workers": 1, "relayPorts": "50000-50999",
                "users": [{ "name": "user", "password": "@alice-password" }, { "name": "new", "password": "@turn-secret" }] },
              "admin": { "listen": "127.0.0.1:0", "tokenFile": "turn-secret" } }
            """);
        server.Tell(SigHup);
        var sent = 0;
        while (!server.Errors.Contains("stay as they were", StringComparison.Ordinal))
        {
            from.SendOnChannel(0x4000, BitConverter.GetBytes(sent));
            Assert.Equal(sent++, BitConverter.ToInt32(to.Receive()));
        }

        Assert.Contains(
            "Until the next start these stay as they were when it began: turn.relayPorts, turn.workers, admin.tokenFile", server.Errors,
            StringComparison.Ordinal);
        using var late = new RawClient(at, "new", "a secret of relays");
        Assert.Null(late.Allocate().Error);
        Assert.Equal(ErrorCode.Forbidden, from.Permit(denied.Local).Error);
        Assert.Equal(ErrorCode.Forbidden, late.BindChannel(0x4000, denied.Local).Error);
        // The level of the log is warning by now; an allocation is information, and stands in the audit anyway.
        Assert.DoesNotContain("Allocation", server.Errors, StringComparison.Ordinal);
        Assert.InRange(sent, 1, int.MaxValue);
    }

    [Fact]
    public async Task Balancers_and_bounds_of_connections_are_taken_over_and_who_is_connected_stays()
    {
        Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        const string Begin = """
            { "domain": "ims.example.net",
              "turn": { "listen": ["tcp:127.0.0.1:0"], "relayAddresses": ["127.0.0.1"],
                "users": [{ "name": "user", "password": "@alice-password" }]
            """;
        using var server = PortunusProcess.Serve("serve", "--config", _folder.Write("portunus.json", $"{Begin} }} }}"));
        Assert.True(TransportAddress.TryParse(server.At("turn"), out var at));
        using var direct = new RawClient(at, "user", ConfigurationFolder.Password, transport: ClientTransport.Tcp);
        Assert.Equal(direct.Local, direct.Allocate().Mapped);

        _folder.Write("portunus.json", $$"""
            {{Begin}}, "proxyProtocolFrom": ["127.0.0.9"], "connections": { "perAddress": 1 } } }
            """);
        server.Tell(SigHup);
        await server.SaysAsync("The configuration was read again");
        var client = ProxyHeaders.At("203.0.113.7:40000");
        var header = ProxyHeaders.Text(client, at);
        using var proxied = new RawClient(
            new RawStream(at.ToIPEndPoint(), false, from: ProxyProtocolTests.Balancer, preface: header), "user",
            ConfigurationFolder.Password);
        Assert.Equal(client, proxied.Allocate().Mapped);
        using var second = new RawStream(at.ToIPEndPoint(), false);
        await Eventually.TrueAsync(() => second.HasEnded);
        Assert.Null(direct.Refresh(600).Error);
        Assert.DoesNotContain("stay as they were", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_goes_on_in_a_new_file_when_the_old_was_renamed()
    {
        using var server = PortunusProcess.Serve("serve", "--config", _folder.Write("portunus.json", Text));
        Assert.True(TransportAddress.TryParse(server.At("turn"), out var at));
        var (audit, old) = (Path.Combine(_folder.Path, "audit.jsonl"), Path.Combine(_folder.Path, "audit.1"));
        using var client = new RawClient(at, "user", ConfigurationFolder.Password);
        Assert.Null(client.Allocate().Error);
        await Eventually.TrueAsync(() => Audit.AuditFileTests.ReadLines(audit).Length == 1);
        File.Move(audit, old);
        server.Tell(SigHup);
        await Eventually.TrueAsync(() => File.Exists(audit));
        Assert.Null(client.Refresh(0).Error);
        await Eventually.TrueAsync(() => Audit.AuditFileTests.ReadLines(audit).Length == 1);
        Assert.Equal("deleted", Audit.AuditFileTests.ReadLines(audit)[0].GetProperty("reason").GetString());
        Assert.Single(Audit.AuditFileTests.ReadLines(old));
        Assert.Equal(0, server.Terminate());
    }

    [Fact]
    public async Task SIGTERM_lets_what_lives_go_on_for_as_long_as_is_configured_and_ends_with_0_when_nothing_lives()
    {
        using var server = PortunusProcess.Serve("serve", "--config", _folder.Write("portunus.json", Text));
        Assert.True(TransportAddress.TryParse(server.At("turn"), out var at));
        using var client = new RawClient(at, "user", ConfigurationFolder.Password);
        Assert.Null(client.Allocate().Error);
        server.Tell(15);
        await server.SaysAsync("It stops when no allocation lives any more, or in 600 s");
        using var late = new RawClient(at, "user", ConfigurationFolder.Password);
        Assert.Equal(ErrorCode.InsufficientCapacity, late.Allocate().Error);
        Assert.Null(client.Refresh(600).Error);
        Assert.Null(client.Refresh(0).Error);
        Assert.Equal(0, server.WaitForExit());
    }

    [Fact]
    public async Task The_command_turn_reads_the_files_of_its_secrets_again_drains_and_writes_the_audit()
    {
        var audit = Path.Combine(_folder.Path, "turn.jsonl");
        using var server = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user",
            $"@{_folder.Write("user", "alice:first")}", "--audit", audit, "--drain", "600",
            "--alternate", "192.0.2.7:3478,[2001:db8::7]:3478", "--log-level", "warning");
        using var before = new RawClient(server.Listeners[0], "alice", "first");
        Assert.Null(before.Allocate().Error);
        _folder.Write("user", "alice:second");
        server.Tell(SigHup);
        await server.SaysAsync("secrets, users and keys were read again");
        using var after = new RawClient(server.Listeners[0], "alice", "second");
        Assert.Null(after.Allocate().Error);
        Assert.Null(before.Permit(TransportAddress.IPv4(0xC6290009, 9)).Error);

        _folder.Write("user", "no colon");
        server.Tell(SigHup);
        await server.SaysAsync("secrets, users and keys stay as they were");
        server.Tell(15);
        await server.SaysAsync("It stops when no allocation lives any more");
        using var late = new RawClient(server.Listeners[0], "alice", "second");
        Assert.Equal(ErrorCode.TryAlternate, late.Allocate().Error);
        Assert.Null(before.Refresh(0).Error);
        Assert.Null(after.Refresh(0).Error);
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal(4, Audit.AuditFileTests.ReadLines(audit).Length);
        Assert.DoesNotContain("Allocation", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--redirect", "sometimes", 2)]
    [InlineData("--drain", "-1", 2)]
    [InlineData("--alternate", "198.51.100.7", 2)]
    [InlineData("--alternate", "198.51.100.7:1=a.example", 1)]
    [InlineData("--redirect", "always", 1)]
    [InlineData("--log-level", "loud", 2)]
    [InlineData("--audit", "/no/such/folder/audit", 1)]
    public void A_flag_that_makes_no_sense_is_refused(string flag, string value, int code) => Assert.Equal(code, PortunusProcess.Run(
        ["turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "r", "--user", "a:b", flag, value]).ExitCode);
}
