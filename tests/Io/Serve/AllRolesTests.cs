using System.Net;
using System.Text.Json;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Waf;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Io.Serve;

/// <summary>A user's way through every role, by the commands and listeners that users and operators have.</summary>
public sealed class AllRolesTests : IDisposable
{
    static readonly string[] Short = ["--seconds", "1", "--rate", "100"];

    readonly AllRoles _roles = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _roles.Dispose();

    [Fact]
    public void The_committed_example_of_all_roles_is_right_and_tells_them()
    {
        var (code, output, errors) = PortunusProcess.Run(["check", _roles.Folder.Write("all-roles.json", AllRoles.Example)]);
        Assert.Equal((0, ""), (code, errors));
        foreach (var role in new[] { "turn ", "epcscf ", "core ", "waf ", "wwsf ", "admin " })
            Assert.Contains($"\n  {role}", output, StringComparison.Ordinal);
    }

    // Solutions x scenario 2: Approach 1, Approach 2, Combined by password and by token.
    [Theory]
    [InlineData("shared-secret", "password")]
    [InlineData("push", "password")]
    [InlineData("combined", "password")]
    [InlineData("combined", "oauth")]
    public async Task A_user_signs_in_at_the_WAF_registers_by_token_and_relays_in_one_process(string approach, string kind)
    {
        var text = AllRoles.OnFreePorts(AllRoles.FreePort(), AllRoles.FreePort())
            .Replace("\"approach\": \"combined\"", $"\"approach\": \"{approach}\"", StringComparison.Ordinal);
        using var all = _roles.Serve("all.json", text);
        _roles.AddAlice("all.json");
        var (token, file) = await _roles.SignInAsync(all);
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");

        var run = WicRun.Of(
            ["relay", .. _roles.ByToken(all, file), "--credential", kind, "--peer", $"{echo.Listeners[0]}", .. Short]);
        run.AssertNoLoss(100);
        Assert.StartsWith($"{kind} for turn:127.0.0.1:", run.Detail("renew"), StringComparison.Ordinal);
        Assert.DoesNotContain(token, all.Errors, StringComparison.Ordinal);
        Assert.Equal(0, all.Terminate());
    }

    // Solution OAuth: the WAF's TURN token, its key fetched by the TURN server.
    [Fact]
    public async Task A_TURN_token_of_the_WAF_opens_a_relay_and_credentials_come_by_HTTP_too()
    {
        var turn = AllRoles.FreePort();
        using var all = _roles.Serve("all.json", AllRoles.OnFreePorts(turn, AllRoles.FreePort()));
        _roles.AddAlice("all.json");
        var (token, file) = await _roles.SignInAsync(all);
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        await RelayByTurnTokenAsync(all, token, turn, echo);

        using var edge = _roles.Browser(all, "https", "https://phone.example.net/");
        using var refused = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        edge.DefaultRequestHeaders.Authorization = CodeFlow.Bearer(token);
        using var given = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        var server = JsonDocument.Parse(await given.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("iceServers")[0];
        WicRun.Of(
            ["relay", "--turn", server.GetProperty("urls")[0].GetString()!, "--turn-user", server.Text("username"),
                "--turn-password", $"@{_roles.Folder.Write("turn-password", server.Text("credential"))}",
                "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(100);

        // A page of another origin is not let near.
        edge.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example.net");
        using var elsewhere = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.DoesNotContain(token, all.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_leases_an_identity_of_the_pool_registers_with_it_and_relays()
    {
        using var all = _roles.Serve("all.json", AllRoles.OnFreePorts(AllRoles.FreePort(), AllRoles.FreePort()));
        using var visitor = _roles.Browser(all, "wwsf", "https://waf.ims.example.net/");
        using var lease = await visitor.PostAsync("/wwsf/lease", null, Stop);
        Assert.Equal(HttpStatusCode.OK, lease.StatusCode);
        var json = JsonDocument.Parse(await lease.Content.ReadAsStringAsync(Stop)).RootElement;
        var file = _roles.Folder.Write("pool-token", json.Text("access_token"));
        var impu = json.Text("impu")["sip:".Length..];
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        string[] pool = ["--private-user", "pool@ims.example.net"];
        WicRun.Of(
            ["relay", .. _roles.ByToken(all, file, impu), .. pool, "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(100);

        // The other identity of the block is not this visitor's.
        var other = impu.StartsWith("web1@", StringComparison.Ordinal) ? "web2@ims.example.net" : "web1@ims.example.net";
        Assert.Equal(1, WicRun.Of(["register", .. _roles.ByToken(all, file, other), .. pool]).Code);
    }

    [Fact]
    public async Task In_processes_of_their_own_the_roles_find_each_other_by_mutual_TLS_and_a_WAF_that_is_down_stops_nobody()
    {
        var (turn, credentials) = (AllRoles.FreePort(), AllRoles.FreePort());
        var text = AllRoles.OnFreePorts(turn, credentials)
            .Replace("\"approach\": \"combined\"", "\"approach\": \"push\"", StringComparison.Ordinal);
        using var waf = _roles.Serve("all.json", text, "--role", "waf,wwsf");
        _roles.AddAlice("all.json");
        var mutual = AllRoles.At(waf, "waf-mutual").Split(':')[^1];
        var web = AllRoles.At(waf, "waf").Split(':')[^1];
        // Where the name of the issuer is not known, the operator says where its endpoints are.
        var apart = text
            .Replace("https://waf.ims.example.net:8444/", $"https://localhost:{mutual}/", StringComparison.Ordinal)
            .Replace(
                "\"wafs\": [{ \"keys\"", "\"wafs\": [{ \"keys\": \"https://localhost:1/stun-key\" }, { \"keys\"",
                StringComparison.Ordinal)
            .Replace(
                "\"introspection\": \"https://waf.ims.example.net/",
                $"\"keys\": \"https://localhost:{web}/.well-known/jwks\", \"introspection\": \"https://localhost:{web}/",
                StringComparison.Ordinal);
        using var relay = _roles.Serve("apart.json", apart, "--role", "turn");
        using var edge = _roles.Serve("apart.json", apart, "--role", "epcscf,core");
        Assert.Contains("cannot be fetched", relay.Errors, StringComparison.Ordinal);

        var (token, file) = await _roles.SignInAsync(waf);
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        WicRun.Of(["relay", .. _roles.ByToken(edge, file), "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(100);
        await RelayByTurnTokenAsync(waf, token, turn, echo);
        foreach (var process in new[] { edge, relay, waf }) Assert.Equal(0, process.Terminate());
    }

    async Task RelayByTurnTokenAsync(PortunusProcess waf, string token, int turn, PortunusProcess echo)
    {
        using var client = _roles.Browser(waf, "waf");
        client.DefaultRequestHeaders.Authorization = CodeFlow.Bearer(token);
        using var answer = await client.PostAsync(
            "/turn/token", new FormUrlEncodedContent([new("aud", AllRoles.TurnName), new("alg", "HMAC-SHA-256")]), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var file = _roles.Folder.Write("turn-token", await answer.Content.ReadAsStringAsync(Stop));
        WicRun.Of(
            ["relay", "--turn", $"turn:127.0.0.1:{turn}", "--turn-token", $"@{file}", "--turn-server-name", AllRoles.TurnName,
                "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(100);
    }
}
