using System.Net;
using System.Text.Json;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Waf;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Io.Serve;

/// <summary>A user's way through every role, by the commands and listeners that users and operators have.</summary>
public sealed class AllRolesTests : IDisposable
{
    readonly AllRoles _roles = new();

    public void Dispose() => _roles.Dispose();

    [Fact]
    public void The_committed_example_of_all_roles_is_right_and_tells_them()
    {
        var (code, output, errors) = PortunusProcess.Run(["check", _roles.Folder.Write("all-roles.json", AllRoles.Example)]);
        Assert.Equal((0, ""), (code, errors));
        foreach (var role in new[] { "turn ", "epcscf ", "core ", "waf ", "wwsf ", "admin " })
            Assert.Contains($"\n  {role}", output, StringComparison.Ordinal);
    }

    // Solutions x scenario 2: Approach 1 and Approach 2.
    [Theory]
    [InlineData("shared-secret")]
    [InlineData("push")]
    public async Task A_user_signs_in_at_the_WAF_registers_by_token_and_relays_in_one_process(string approach)
    {
        var text = AllRoles.OnFreePorts(AllRoles.FreePort(), AllRoles.FreePort())
            .Replace("\"approach\": \"combined\"", $"\"approach\": \"{approach}\"", StringComparison.Ordinal);
        using var all = _roles.Serve("all.json", text);
        _roles.AddAlice("all.json");
        var (token, file) = await _roles.SignInAsync(all);
        using var echo = PortunusProcess.Serve("wic", "echo", "--listen", "127.0.0.2:0");
        _roles.RelayByToken(all, file, "password", echo);
        Assert.DoesNotContain(token, all.Errors, StringComparison.Ordinal);
        Assert.Equal(0, all.Terminate());
    }

    [Fact]
    public async Task In_processes_of_their_own_the_roles_find_each_other_by_mutual_TLS_and_a_WAF_that_is_down_stops_nobody()
    {
        var (turn, credentials) = (AllRoles.FreePort(), AllRoles.FreePort());
        var text = AllRoles.OnFreePorts(turn, credentials)
            .Replace("\"approach\": \"combined\"", "\"approach\": \"push\"", StringComparison.Ordinal);
        using var waf = _roles.Serve("all.json", text, "--role", "waf,wwsf");
        _roles.AddAlice("all.json");
        var mutual = waf.At("waf-mutual").Split(':')[^1];
        var web = waf.At("waf").Split(':')[^1];
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
        WicRun.Of(["relay", .. _roles.ByToken(edge, file), "--peer", $"{echo.Listeners[0]}", .. AllRoles.Short]).AssertNoLoss(100);
        await _roles.RelayByTurnTokenAsync(waf, token, turn, echo);
        foreach (var process in new[] { edge, relay, waf }) Assert.Equal(0, process.Terminate());
    }
}
