using System.Net;
using System.Text.Json;
using Portunus.Tests.Io.Waf;
using Portunus.Tests.Io.Wic;

namespace Portunus.Tests.Io.Serve;

/// <summary>What users do with every role in one process that gives credentials in the combined way.</summary>
public sealed class CombinedRolesTests(CombinedRoles all) : IClassFixture<CombinedRoles>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Solutions x scenario 2: Combined by password and by token.
    [Theory]
    [InlineData("password")]
    [InlineData("oauth")]
    public async Task A_user_signs_in_at_the_WAF_registers_by_token_and_relays(string kind)
    {
        var (token, file) = await all.Roles.SignInAsync(all.Process);
        all.Roles.RelayByToken(all.Process, file, kind, all.Echo);
        Assert.DoesNotContain(token, all.Process.Errors, StringComparison.Ordinal);
    }

    // Solution OAuth: the WAF's TURN token, its key fetched by the TURN server.
    [Fact]
    public async Task A_TURN_token_of_the_WAF_opens_a_relay_and_credentials_come_by_HTTP_too()
    {
        var (token, _) = await all.Roles.SignInAsync(all.Process);
        await all.Roles.RelayByTurnTokenAsync(all.Process, token, all.Turn, all.Echo);

        using var edge = all.Roles.Browser(all.Process, "https", "https://phone.example.net/");
        using var refused = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        edge.DefaultRequestHeaders.Authorization = CodeFlow.Bearer(token);
        using var given = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        var server = JsonDocument.Parse(await given.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("iceServers")[0];
        WicRun.Of(
            ["relay", "--turn", server.GetProperty("urls")[0].GetString()!, "--turn-user", server.Text("username"),
                "--turn-password", $"@{all.Roles.Folder.Write("turn-password", server.Text("credential"))}",
                "--peer", $"{all.Echo.Listeners[0]}", .. AllRoles.Short]).AssertNoLoss(100);

        // A page of another origin is not let near.
        edge.DefaultRequestHeaders.Add("Origin", "https://elsewhere.example.net");
        using var elsewhere = await edge.PostAsync("/turn/credentials", null, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.DoesNotContain(token, all.Process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_leases_an_identity_of_the_pool_registers_with_it_and_relays()
    {
        using var visitor = all.Roles.Browser(all.Process, "wwsf", "https://waf.ims.example.net/");
        using var lease = await visitor.PostAsync("/wwsf/lease", null, Stop);
        Assert.Equal(HttpStatusCode.OK, lease.StatusCode);
        var json = JsonDocument.Parse(await lease.Content.ReadAsStringAsync(Stop)).RootElement;
        var file = all.Roles.Folder.Write("pool-token", json.Text("access_token"));
        var impu = json.Text("impu")["sip:".Length..];
        string[] pool = ["--private-user", "pool@ims.example.net"];
        WicRun.Of(
            ["relay", .. all.Roles.ByToken(all.Process, file, impu), .. pool, "--peer", $"{all.Echo.Listeners[0]}",
                .. AllRoles.Short]).AssertNoLoss(100);

        // The other identity of the block is not this visitor's.
        var other = impu.StartsWith("web1@", StringComparison.Ordinal) ? "web2@ims.example.net" : "web1@ims.example.net";
        Assert.Equal(1, WicRun.Of(["register", .. all.Roles.ByToken(all.Process, file, other), .. pool]).Code);
    }
}
