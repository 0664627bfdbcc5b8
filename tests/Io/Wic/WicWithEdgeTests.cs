using System.Runtime.Versioning;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Wic;

/// <summary><c>portunus wic</c> as a process, with the whole system in this one: edge, home core and TURN server.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class WicWithEdgeTests : IClassFixture<LoopbackFixture>, IDisposable
{
    // Two a hundredth of a second: short, and enough to see a loss.
    static readonly string[] Short = ["--seconds", "1", "--rate", "200"];

    readonly LoopbackFixture _fixture;
    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public WicWithEdgeTests(LoopbackFixture fixture)
    {
        _fixture = fixture;
        File.WriteAllText(At("password"), LoopbackFixture.Password);
        File.WriteAllText(At("wrong"), "another password");
        File.WriteAllText(At("token"), "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("alice")] // MD5
    [InlineData("dave")] // SHA-256
    public void It_registers_takes_a_credential_renews_it_and_signs_off(string name)
    {
        var run = WicRun.Of(["register", .. As(name)]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        Assert.Equal(["connect", "register", "renew", "deregister"], run.Steps);
        Assert.StartsWith(
            $"sip:{name}@ims.localhost for 600 s; password for turn:127.0.0.1:", run.Detail("register"), StringComparison.Ordinal);
        Assert.DoesNotContain("password=", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(LoopbackFixture.Password, run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Detail("deregister"));
    }

    [Fact]
    public void A_wrong_password_is_one_sentence() =>
        WicRun.Of(["register", .. As("alice", secret: "wrong")]).AssertRefused("sip:alice@ims.localhost was refused");

    [Fact]
    public void A_token_that_this_edge_does_not_take_is_one_sentence_that_does_not_repeat_it()
    {
        var run = WicRun.Of(
            "register", "--server", $"{_fixture.W2()}", "--user", "alice@ims.localhost", "--token", $"@{At("token")}");
        Assert.Equal((1, false), (run.Code, run.Ok));
        Assert.DoesNotContain("eyJ", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_of_credential_that_the_edge_does_not_give_is_one_sentence() =>
        WicRun.Of(["relay", .. As("alice"), "--credential", "none"]).AssertRefused("The edge gave no TURN credential");

    [Fact]
    public void Without_a_peer_the_packets_come_back_by_a_second_relay()
    {
        var run = WicRun.Of(["relay", .. As("alice"), .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal(
            ["connect", "register", "renew", "allocate", "echo", "permit", "bind", "packets", "release", "release", "deregister"],
            run.Steps);
    }

    [Fact]
    public void Over_IPv6_to_the_server_and_over_TLS_to_the_edge()
    {
        var turn = _fixture.System.Listeners.Last(listener => listener.Protocol == "turn").EndPoint;
        Assert.Equal(System.Net.Sockets.AddressFamily.InterNetworkV6, turn.AddressFamily);
        WicRun.Of(["relay", .. As("carol", "https"), "--insecure", "--turn", $"turn:{turn}?transport=udp", .. Short])
            .AssertNoLoss(200);
    }

    /// <summary>RFC 8155 §4.1.2: the domain is that of the identity; the credential is the edge's.</summary>
    [Fact]
    public void Where_the_named_server_is_down_one_is_found_by_the_domain_of_the_identity()
    {
        var turn = _fixture.System.Listeners.First(listener => listener.Protocol == "turn").EndPoint;
        using var dns = new NameServer()
            .Pointer("ims.localhost", 100, "s", "RELAY:turn.udp", "_turn._udp.ims.localhost")
            .Service("_turn._udp.ims.localhost", 10, (ushort)turn.Port, "turn.ims.localhost")
            .Address("turn.ims.localhost", turn.Address);
        var run = WicRun.Of(
            ["relay", .. As("alice"), "--turn", "turn:127.0.0.1:9", "--turn", "auto", "--dns", $"{dns.EndPoint}", .. Short]);
        run.AssertNoLoss(200);
        Assert.Equal($"S-NAPTR of ims.localhost: udp:{turn}", run.Detail("find"));
    }

    [Fact]
    public void An_echo_in_another_process_returns_every_packet_and_ends_cleanly_when_told()
    {
        using var echo = PortunusProcess.Serve(["wic", "echo", .. As("bob")]);
        WicRun.Of(["relay", .. As("alice"), "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(200);
        Assert.Equal(0, echo.Terminate());
        Assert.Contains("deregister", echo.Output[^1], StringComparison.Ordinal);
        Assert.Equal("", echo.Errors);
    }

    [Fact]
    public void Two_processes_call_each_other_and_hear_every_packet()
    {
        using var callee = PortunusProcess.Serve(["wic", "call", "--answer", .. As("bob")]);
        var run = WicRun.Of(["call", "--to", "bob@ims.localhost", .. As("alice"), .. Short]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        Assert.Equal(0, run.Root.GetProperty("media").GetProperty("lost").GetInt32());
        Assert.Equal(200, run.Root.GetProperty("media").GetProperty("sent").GetInt32());
        Assert.Equal(
            ["connect", "register", "allocate", "invite", "answer", "bind", "packets", "release", "deregister"], run.Steps);

        Assert.True(callee.WaitForExit() == 0, string.Join("\n", [.. callee.Output, callee.Errors]));
        // What the caller sent, all of it.
        Assert.Contains("200 of 200 came, 0 lost", callee.Output[^1], StringComparison.Ordinal);
        Assert.Contains("round trip p50", callee.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_not_there_does_not_take_the_call() =>
        WicRun.Of(["call", "--to", "dave@ims.localhost", .. As("alice"), .. Short]).AssertRefused("did not take the call: 480");

    [Fact]
    public async Task A_signal_signs_off()
    {
        using var wic = PortunusProcess.Serve(["wic", "register", .. As("carol"), "--stay", "600"]);
        await using var caller = await _fixture.RegisteredAsync("alice");
        const int sigInt = 2;
        Assert.Equal(0, wic.Signal(sigInt));
        Assert.Contains("deregister", wic.Output[^1], StringComparison.Ordinal);
        WicRun.Of(["call", "--to", "carol@ims.localhost", .. As("bob"), .. Short]).AssertRefused("480");
    }

    [Fact]
    public void A_certificate_is_believed_when_it_is_named_and_else_refused()
    {
        WicRun.Of(["register", .. As("carol", "https")]).AssertRefused("is not trusted; give --ca");
        var run = WicRun.Of(["register", .. As("carol", "https"), "--ca", _fixture.Certificate]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
    }

    string[] As(string name, string protocol = "http", string secret = "password") =>
        ["--server", $"{_fixture.W2(protocol)}", "--user", $"{name}@ims.localhost", "--password", $"@{At(secret)}"];

    string At(string file) => Path.Combine(_folder, file);
}
