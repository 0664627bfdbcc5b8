using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary><c>portunus wic relay</c> with nothing but a TURN server, an echo and a name server.</summary>
public sealed class WicWithTurnTests(TurnProcess turn) : IClassFixture<TurnProcess>, IDisposable
{
    static readonly string[] Short = ["--seconds", "1", "--rate", "200"];

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void With_a_name_and_password_to_an_echo_in_another_process_over_either_family(int listener)
    {
        // Not the relay's own address: there, only relays may be peers.
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        Relay(turn.Listeners[listener], "--peer", $"{echo.Listeners[0]}").AssertNoLoss(200);
        Assert.Equal(0, echo.Terminate());
    }

    [Fact]
    public void With_the_shared_secret()
    {
        var run = WicRun.Of(
            ["relay", "--turn", $"turn:{turn.Listeners[0]}", "--turn-secret", Secret("north", "sha256:"), .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal(["allocate", "echo", "permit", "bind", "packets", "release", "release"], run.Steps);
    }

    [Fact]
    public void A_server_that_sends_on_is_followed_to_the_other_and_from_there_to_the_next()
    {
        var secret = Secret("north", "sha256:");
        string[] least = ["turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--secret", secret];
        using var first = PortunusProcess.Serve([.. least, "--redirect", "always", "--alternate", $"{turn.Listeners[0]}"]);
        var run = WicRun.Of(["relay", "--turn", $"turn:{first.Listeners[0]}", "--turn-secret", secret, .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal(["allocate", "allocate", "echo", "echo"], run.Steps.Take(4));

        using var second = PortunusProcess.Serve([.. least, "--redirect", "always", "--alternate", $"{first.Listeners[0]}"]);
        WicRun.Of(["relay", "--turn", $"turn:{second.Listeners[0]}", "--turn-secret", secret, .. Short]).AssertNoLoss(200);
        using var lost = PortunusProcess.Serve([.. least, "--redirect", "always", "--alternate", "127.0.0.1:9"]);
        WicRun.Of(["relay", "--turn", $"turn:{lost.Listeners[0]}", "--turn-secret", secret, .. Short]).AssertRefused("Nobody listens");
    }

    [Fact]
    public void With_an_access_token_and_only_for_the_server_that_it_was_made_for()
    {
        string[] words = ["relay", "--turn", $"turn:{turn.Listeners[0]}", .. Short, "--turn-token", Token(), "--turn-server-name"];
        WicRun.Of([.. words, TurnProcess.ServerName]).AssertNoLoss(200);
        WicRun.Of([.. words, "turn2.example.org"]).AssertRefused("takes tokens for another server name");
    }

    [Fact]
    public void A_token_that_was_made_under_another_key_and_what_is_no_token_are_one_sentence()
    {
        string[] words =
            ["relay", "--turn", $"turn:{turn.Listeners[0]}", .. Short, "--turn-server-name", TurnProcess.ServerName, "--turn-token"];
        var other = $"waf1:A256GCM:{Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 32)])}";
        WicRun.Of([.. words, Token(other)]).AssertRefused("refuses the token");
        var (code, output, errors) = PortunusProcess.Run(["wic", .. words, Secret("{\"kid\":\"waf1\"}")]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("this is no token response", Assert.Single(errors.Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>RFC 7635 §9: the time of an allocation is that of its token, and a Refresh with a newer one prolongs it.</summary>
    [Fact]
    public async Task A_relay_goes_on_under_a_newer_token()
    {
        using var issuer = new TokenIssuer(TokenKey.Parse(TurnProcess.Key), TurnProcess.ServerName, new SystemRandom());
        IssuedToken Issue(uint lifetime) => issuer.Issue(SystemClock.Now, issuer.DrawId(), lifetime);
        using var relay = new RelayClient(turn.Listeners[0], new() { Token = Issue(600) });
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal(TimeSpan.FromSeconds(600), (await relay.AllocateAsync(stop)).Lifetime);
        relay.Renew(Issue(900));
        // The server answers each in its order, and this with the key of the new token if it took it.
        await relay.PermitAsync(TransportAddress.IPv4(0x7F000002, 1), stop);
        Assert.True(await relay.ReleaseAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_peer_that_nobody_answers_for_is_loss_and_exit_code_1()
    {
        // A socket that is bound, and that nobody reads.
        using var silent = Silent("127.0.0.2");
        var run = Relay(turn.Listeners[0], "--peer", $"{silent.LocalEndPoint}");
        run.AssertRefused("None of 200 packets came back.");
        Assert.Equal(200, run.Root.GetProperty("media").GetProperty("lost").GetInt32());
    }

    [Fact]
    public void A_peer_that_the_rules_refuse_is_one_sentence() =>
        Relay(turn.Listeners[0], "--peer", "10.1.2.3:5000").AssertRefused("refuses the peer 10.1.2.3:5000 (403 Forbidden)");

    [Fact]
    public void One_relays_from_an_address_of_this_machine_and_from_no_other()
    {
        string[] words = ["relay", "--turn", $"turn:{turn.Listeners[0]}", .. Credential, .. Short, "--from"];
        WicRun.Of([.. words, "127.0.0.3"]).AssertNoLoss(200);
        WicRun.Of([.. words, "192.0.2.1"]).AssertRefused("This machine cannot send from 192.0.2.1");
    }

    [Fact]
    public async Task A_server_sees_the_address_that_a_client_is_to_send_from()
    {
        using var server = Silent("127.0.0.1");
        using var client = new RelayClient(
            TransportAddress.From((IPEndPoint)server.LocalEndPoint!), new(), IPAddress.Parse("127.0.0.3"));
        var asking = client.AllocateAsync(TestContext.Current.CancellationToken);
        var came = await server.ReceiveFromAsync(
            new byte[1500], new IPEndPoint(IPAddress.Any, 0), TestContext.Current.CancellationToken);
        Assert.Equal("127.0.0.3", $"{((IPEndPoint)came.RemoteEndPoint).Address.MapToIPv4()}");
        client.Dispose();
        await Assert.ThrowsAsync<RefusedException>(() => asking);
    }

    [Fact]
    public void A_wrong_password_is_one_sentence() => WicRun
        .Of("relay", "--turn", $"turn:{turn.Listeners[0]}", "--turn-user", "alice", "--turn-password", Secret("looking-glass"))
        .AssertRefused("refuses the credential (401 Unauthenticated)");

    [Fact]
    public void A_closed_port_is_one_sentence_at_once() => Relay(Closed()).AssertRefused("Nobody listens at udp:127.0.0.1:");

    [Fact]
    public void A_server_that_is_down_is_passed_over_for_the_next() => WicRun
        .Of(["relay", "--turn", $"turn:{Closed()}", "--turn", $"turn:{turn.Listeners[0]}", .. Credential, .. Short])
        .AssertNoLoss(200);

    [Fact]
    public void A_domain_leads_to_the_server_by_NAPTR_and_SRV()
    {
        using var dns = new NameServer()
            .Pointer("example.net", 100, "", "RELAY:turn.tcp", "elsewhere.example.net")
            .Pointer("example.net", 200, "s", "RELAY:turn.udp", "_turn._udp.example.net")
            .Service("_turn._udp.example.net", 10, Closed().Port, "turn.example.net")
            .Service("_turn._udp.example.net", 20, turn.Listeners[0].Port, "turn.example.net")
            .Address("turn.example.net", IPAddress.Loopback);
        var run = WicRun.Of(["relay", "--turn", "turn:example.net", "--dns", $"{dns.EndPoint}", .. Credential, .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal("resolve", run.Steps[0]);
        Assert.Equal(
            ["NAPTR example.net", "SRV _turn._udp.example.net", "A turn.example.net", "AAAA turn.example.net"],
            dns.Asked.Take(4).Select(question => question.ToString()));
    }

    [Fact]
    public void A_domain_without_a_server_is_one_sentence()
    {
        using var dns = new NameServer();
        WicRun.Of(["relay", "--turn", "turn:example.net", "--dns", $"{dns.EndPoint}", .. Credential])
            .AssertRefused("The DNS knows no TURN server for turn:example.net");
    }

    [Fact]
    public void A_transport_that_is_not_spoken_is_one_sentence() => WicRun
        .Of(["relay", "--turn", "turns:turn.example.net", .. Credential]).AssertRefused("speaks to TURN servers over UDP");

    [Fact]
    public void A_signal_ends_the_packets_early_and_what_was_sent_counts()
    {
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        using var wic = PortunusProcess.Serve(
            line => line.Contains(" bind ", StringComparison.Ordinal),
            [
                "wic", "relay", "--turn", $"turn:{turn.Listeners[0]}", .. Credential, "--peer", $"{echo.Listeners[0]}",
                "--seconds", "600",
            ]);
        Assert.Equal(0, wic.Terminate());
        Assert.Contains(" 0 lost (0 %)", wic.Output[^1], StringComparison.Ordinal);
        Assert.Contains("release", wic.Output[^2], StringComparison.Ordinal);
        Assert.Equal("", wic.Errors);
    }

    WicRun Relay(TransportAddress server, params string[] more) =>
        WicRun.Of(["relay", "--turn", $"turn:{server}?transport=udp", .. Credential, .. Short, .. more]);

    string[] Credential => ["--turn-user", "alice", "--turn-password", Secret("wonderland")];

    string Token(string? key = null)
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", key ?? TurnProcess.Key, "--server-name", TurnProcess.ServerName, "--lifetime", "600"]);
        Assert.True(code == 0, errors);
        return Secret(output);
    }

    string Secret(string secret, string prefix = "")
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllText(file, prefix + secret);
        return $"@{file}";
    }

    /// <summary>A port that was free a moment ago.</summary>
    static TransportAddress Closed()
    {
        using var socket = Silent("127.0.0.1");
        return TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }

    static System.Net.Sockets.Socket Silent(string address)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return socket;
    }
}

/// <summary>One <c>portunus turn</c> for these tests, on loopback in both families.</summary>
public sealed class TurnProcess : IDisposable
{
    readonly PortunusProcess _process = PortunusProcess.Serve(
        "turn", "--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--relay-address", "127.0.0.1", "--realm", "example.org",
        "--user", "alice:wonderland", "--secret", "sha256:north", "--allow-peer", "127.0.0.0/8",
        "--oauth-key", $"{Key}", "--server-name", ServerName);

    public const string ServerName = "turn1.example.org";

    /// <summary>For tokens (RFC 7635).</summary>
    public static string Key { get; } = $"waf1:A256GCM:{Convert.ToBase64String(new byte[32])}";

    public IReadOnlyList<TransportAddress> Listeners => _process.Listeners;

    public void Dispose()
    {
        using (_process) Assert.Equal(0, _process.Terminate());
    }
}
