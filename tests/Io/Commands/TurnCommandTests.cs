using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Commands;

/// <summary><c>portunus turn</c> as a process: what it prints, what it refuses, and how it ends.</summary>
public sealed class TurnCommandTests
{
    const int SigInt = 2;
    const string Key = "waf:A256GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=";

    static readonly string[] Least =
        ["turn", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:secret"];

    [Fact]
    public void It_prints_each_listener_and_ready_serves_and_ends_with_0_by_SIGTERM()
    {
        using var server = PortunusProcess.Serve(
            [.. Least, "--listen", "127.0.0.1:0", "--listen", "udp:[::1]:0", "--relay-address", "::1",
                "--allow-peer", "127.0.0.0/8", "--allow-peer", "::1"]);
        Assert.Equal(["127.0.0.1", "::1"], server.Listeners.Select(address => address.ToIPAddress().ToString()));
        Assert.DoesNotContain((ushort)0, server.Listeners.Select(address => address.Port));
        Assert.Equal("ready", server.Output[^1]);
        foreach (var listener in server.Listeners)
        {
            using var client = new RawClient(listener, "alice", "secret");
            Assert.Null(client.Allocate().Error);
        }

        Assert.Equal(0, server.Terminate());
        Assert.Equal(3, server.Output.Count);
        // Two requests of each client at least: one without a credential, one with it.
        Assert.Matches(@"Worker 0 ended: ([4-9]|\d{2,}) datagrams received, \d+ sent; the system refused 0 sends", server.Errors);
        Assert.DoesNotContain("alice:secret", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_ends_it_with_0_while_clients_are_served_by_two_workers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "several workers need Linux");
        using var server = PortunusProcess.Serve([.. Least, "--listen", "127.0.0.1:0", "--workers", "2"]);
        using var client = new RawClient(server.Listeners[0], "alice", "secret");
        Assert.Null(client.Allocate().Error);
        Assert.Equal(0, server.Signal(SigInt));
    }

    [Fact]
    public void A_second_copy_is_refused_with_1_and_one_sentence_that_names_port_and_flag()
    {
        var workers = OperatingSystem.IsLinux() ? "2" : "1";
        using var first = PortunusProcess.Serve([.. Least, "--listen", "127.0.0.1:0", "--workers", workers]);
        var port = first.Listeners[0].Port;
        var (code, output, errors) = PortunusProcess.Run([.. Least, "--listen", $"127.0.0.1:{port}", "--user", "bob:pass"]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        var sentence = Assert.Single(Sentences(errors));
        Assert.Contains($"port {port} ", sentence, StringComparison.Ordinal);
        Assert.Contains("--listen", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--user", "1700000000:alice:secret", "choose another name")]
    [InlineData("--user", "@/nonexistent/file", "cannot be read")]
    [InlineData("--secret", "env:PORTUNUS_NO_SUCH_VARIABLE", "is not set")]
    [InlineData("--relay-address", "203.0.113.9", "not an address of this machine")]
    [InlineData("--user", "alice:again", "twice")]
    [InlineData("--tcp-relay", "--workers 1", "add a listener of tcp: or tls:")]
    [InlineData("--limits", "A.B:max-allocations=1", "1 to 19 of [0-9a-z]")]
    [InlineData("--oauth-key", $"{Key} --oauth-key {Key}", "'waf' is given twice")]
    [InlineData("--secret", "b --secret c --secret d --secret e --secret f", "At most 4 secrets are tried; leave out")]
    public void What_cannot_be_had_is_1_and_one_sentence(string flag, string value, string says)
    {
        var (code, output, errors) = PortunusProcess.Run([.. Least, "--listen", "127.0.0.1:0", flag, .. value.Split(' ')]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(says, Assert.Single(Sentences(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_of_a_mistyped_flag_may_be_a_secret_and_is_not_repeated()
    {
        var (code, output, errors) = PortunusProcess.Run([.. Least, "--listen", "127.0.0.1:0", "--usr", "alice:wonderland"]);
        Assert.Equal(2, code);
        Assert.Contains("--usr", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wonderland", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void One_listener_given_twice_is_wrong_usage_not_a_second_copy()
    {
        var (code, _, errors) = PortunusProcess.Run([.. Least, "--listen", "127.0.0.1:45678", "--listen", "127.0.0.1:45678"]);
        Assert.Equal(2, code);
        Assert.Contains("127.0.0.1:45678 is given twice", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--listen", "localhost:3478", "192.0.2.1:3478")]
    [InlineData("--listen", "::1:3478", "[2001:db8::1]:3478")]
    [InlineData("--listen", "sctp:127.0.0.1:3478", "udp:, tcp:, tls: or dtls:IP:PORT")]
    [InlineData("--listen", "tls:127.0.0.1:5349", "write --certificate PEM, too")]
    [InlineData("--relay-address", "192.0.2.1=2001:db8::1", "two of one")]
    [InlineData("--relay-address", "192.0.2.1=0.0.0.0", "the one that peers reach")]
    [InlineData("--relay-address", "192.0.2.1=", "10.0.0.1=192.0.2.1")]
    [InlineData("--relay-address", "0.0.0.0", "the one that peers reach")]
    [InlineData("--relay-address", "ff02::1", "address of many")]
    [InlineData("--listen", "255.255.255.255:0", "address of many")]
    [InlineData("--proxy-protocol-from", "10.0.0.0/33", "is not a range of addresses")]
    [InlineData("--proxy-protocol-from", "10.0.0.0/8", "write a --listen of tcp: or tls:, too")]
    [InlineData("--max-connections", "0", "write one from 1 to")]
    [InlineData("--max-address-connections", "many", "write one from 1 to")]
    [InlineData("--listen", "224.0.0.1:0", "address of many")]
    [InlineData("--relay-ports", "60000-50000", "49152-65535")]
    [InlineData("--allow-peer", "10.0.0.0/33", "10.0.0.0/8")]
    [InlineData("--deny-peer", "example.org", "10.0.0.0/8")]
    [InlineData("--workers", "0", "from 1 to")]
    [InlineData("--workers", "256", "from 1 to")]
    [InlineData("--datapath", "xdp", "auto, portable or linux")]
    [InlineData("--user", "alice", "NAME:PASSWORD")]
    [InlineData("--secret", "sha256:", "[sha256:]SECRET")]
    [InlineData("--oauth-key", "kid:A256GCM:c2hvcnQ=", "at least 32 bytes")]
    [InlineData("--oauth-key", "kid:A192GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=", "A256GCM or A128GCM")]
    [InlineData("--server-name", "", "--server-name")]
    [InlineData("--strict-expiry", "false", "false")]
    [InlineData("--limits", "few", "guest:max-allocations=4")]
    [InlineData("--limits", "few:max-allocations=many", "guest:max-allocations=4")]
    [InlineData("--limits", "few:peer=everywhere", "guest:max-allocations=4")]
    [InlineData("--limits", "few:max-kbps=0", "guest:max-allocations=4")]
    [InlineData("--limits", "few:max-pps=1,max-pps=2", "guest:max-allocations=4")]
    [InlineData("--user-quota", "0", "from 1 to")]
    [InlineData("--address-quota", "many", "from 1 to")]
    [InlineData("--total-quota", "-1", "from 1 to")]
    [InlineData("--max-kbps", "0", "from 1 to")]
    [InlineData("--max-pps", "1.5", "from 1 to")]
    [InlineData("--max-permissions", "", "--max-permissions")]
    [InlineData("--unauthenticated-rate", "0", "from 1 to")]
    [InlineData("--unauthenticated-budget", "1000", "from 1024 to")]
    [InlineData("--token-limits", "few", "nobody defined few")]
    [InlineData("--limits", "few:max-allocations=1 --limits few:max-allocations=2", "few is given twice")]
    [InlineData("--listen", "127.1:3478", "192.0.2.1:3478")]
    [InlineData("--no-such-flag", "x", "--no-such-flag")]
    [InlineData("--realm", "another", "--realm")]
    [InlineData("--deny-peer", "", "--deny-peer")]
    [InlineData("--user", "", "--user")]
    public void What_means_nothing_is_2_and_says_what_to_write(string flag, string value, string says)
    {
        var values = value == "" ? [] : value.Split(' ');
        var (code, output, errors) = PortunusProcess.Run([.. Least, "--listen", "127.0.0.1:0", flag, .. values]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.Contains("Try: portunus turn --help", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_literal_secret_is_warned_about_once_each_and_never_repeated()
    {
        using var server = PortunusProcess.Serve([.. Least, "--listen", "127.0.0.1:0", "--secret", "sha256:north wind"]);
        server.Terminate();
        Assert.Single(server.Errors.Split('\n'), line => line.Contains("--user was given in clear", StringComparison.Ordinal));
        Assert.Single(server.Errors.Split('\n'), line => line.Contains("--secret was given in clear", StringComparison.Ordinal));
        Assert.DoesNotContain("north wind", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_read_from_a_file_without_a_warning()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "carol:of the file\n");
        try
        {
            using var server = PortunusProcess.Serve(
                "turn", "--relay-address", "127.0.0.1", "--realm", "example.org", "--listen", "127.0.0.1:0",
                "--user", $"@{file}");
            using var client = new RawClient(server.Listeners[0], "carol", "of the file");
            Assert.Null(client.Allocate().Error);
            server.Terminate();
            Assert.DoesNotContain("in clear", server.Errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Without_descriptors_an_allocation_is_508_and_the_service_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the limits of a shell");
        using var server = PortunusProcess.ServeWithFiles(220, [.. Least, "--listen", "127.0.0.1:0"]);
        List<RawClient> clients = [];
        try
        {
            Answer answer = default;
            while (answer.Error is null && clients.Count < 250)
            {
                clients.Add(new(server.Listeners[0], "alice", "secret"));
                answer = clients[^1].Allocate();
            }

            Assert.Equal(Stun.ErrorCode.InsufficientCapacity, answer.Error);
            Assert.Null(clients[0].Refresh(0).Error);
            Assert.Null(clients[^1].Allocate().Error);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }

        Assert.Equal(0, server.Terminate());
        Assert.Single(server.Errors.Split('\n'),
            line => line.Contains("No file descriptor is left; raise ulimit -n", StringComparison.Ordinal));
    }

    [Fact]
    public void Relaying_goes_on_when_nobody_reads_what_is_logged()
    {
        using var server = PortunusProcess.ServeUnread([.. Least, "--listen", "127.0.0.1:0"]);
        using var client = new RawClient(server.Listeners[0], "alice", "secret");
        // Two lines of 150 bytes and more each: 64 KiB of pipe and the 2500 lines of the logger's queue are full by then.
        for (var i = 0; i < 1600; i++)
        {
            Assert.Null(client.Allocate().Error);
            Assert.Null(client.Refresh(0).Error);
        }

        Assert.Null(client.Bind().Error);
        Assert.Equal(0, server.Terminate());
    }

    [Fact]
    public void A_port_that_TCP_has_is_free_for_UDP()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var port = ((IPEndPoint)tcp.LocalEndpoint).Port;
        using var server = PortunusProcess.Serve([.. Least, "--listen", $"127.0.0.1:{port}"]);
        Assert.Equal(TransportAddress.From((IPEndPoint)tcp.LocalEndpoint), server.Listeners[0]);
    }

    [Fact]
    public void The_help_lists_the_flags_that_work_and_no_other()
    {
        var (code, output, _) = PortunusProcess.Run(["turn", "--help"]);
        Assert.Equal(0, code);
        var flags = Regex.Matches(output, @"^  (?:-\?, -h, )?(--[a-z-]+)", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        Assert.Equal(
            ["--listen", "--certificate", "--certificate-key", "--relay-address", "--relay-ports", "--realm", "--user", "--secret",
                "--oauth-key", "--server-name", "--strict-expiry", "--limits", "--token-limits", "--allow-peer", "--deny-peer",
                "--tcp-relay", "--mobility", "--workers", "--datapath", "--admin", "--admin-token",
                "--user-quota", "--static-user-quota", "--address-quota", "--total-quota", "--max-permissions", "--max-channels",
                "--max-kbps", "--max-pps", "--unauthenticated-rate", "--unauthenticated-budget",
                "--proxy-protocol-from", "--max-connections", "--max-address-connections",
                "--alternate", "--redirect", "--discovery", "--drain", "--audit", "--log-level", "--help"], flags);
        Assert.Contains("@FILE|env:NAME|", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_does_not_exist_is_2()
    {
        Assert.Equal(2, PortunusProcess.Run([]).ExitCode);
        Assert.Equal(2, PortunusProcess.Run(["import"]).ExitCode);
        Assert.Equal(0, PortunusProcess.Run(["--help"]).ExitCode);
    }

    /// <summary>What is said beside warnings.</summary>
    static IEnumerable<string> Sentences(string errors) =>
        errors.Split('\n').Where(line => !line.StartsWith("portunus: warning:", StringComparison.Ordinal));
}
