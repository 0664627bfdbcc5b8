using System.Net;
using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Io.Serve;

/// <summary>The revocation feed of a WAF as a configuration turns it on, and what <c>portunus check</c> says of one.</summary>
public sealed class WafRevocationTests : IDisposable
{
    readonly AllRoles _roles = new();

    public WafRevocationTests()
    {
        var files = _roles.Authority.Client("waf.ims.example.net");
        _roles.Folder.Write("waf-client.pem", File.ReadAllText(files.Certificate) + File.ReadAllText(files.Key));
    }

    public void Dispose() => _roles.Dispose();

    [Fact]
    public async Task A_user_whom_a_command_removes_relays_no_more()
    {
        var (turn, credentials) = (AllRoles.FreePort(), AllRoles.FreePort());
        using var all = _roles.Serve("all.json", WithFeed(AllRoles.OnFreePorts(turn, credentials), credentials));
        _roles.AddAlice("all.json");
        var (token, _) = await _roles.SignInAsync(all);
        var given = await _roles.TurnTokenAsync(all, token);
        var server = TransportAddress.From(IPEndPoint.Parse($"127.0.0.1:{turn}"));
        using var client = new RawClient(server, given);
        Assert.Null(client.Allocate().Error);

        // Another process, which knows the data base alone.
        var (code, _, errors) = PortunusProcess.Run(
            ["user", "remove", "alice", "--config", Path.Combine(_roles.Folder.Path, "all.json")]);
        Assert.Equal((0, ""), (code, errors));
        await Eventually.TrueAsync(() => client.Refresh(600).Error is not null);
        using var again = new RawClient(server, given);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
        Assert.Contains("is revoked at turn1.ims.example.net", all.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\": \"turn1.ims.example.net\", \"credentials\"", "\"name\": \"turn1.elsewhere.example\", \"credentials\"",
        "waf.revocations.servers[0].name: no tokens are made for turn1.elsewhere.example")]
    [InlineData("\"certificate\": \"waf-client.pem\"", "\"certificate\": \"alice-password\"", "waf.revocations.certificate")]
    [InlineData("[{ \"name\": \"turn1.ims.example.net\", \"credentials\": \"https://127.0.0.1:8446/\" }]", "[]",
        "waf.revocations.servers: Name 1 to 16 TURN servers")]
    [InlineData("\"wafs\": [{ \"name\": \"waf.ims.example.net\" }]", "\"wafs\": [{ \"name\": \"epcscf.ims.example.net\" }]",
        "is named twice")]
    public void A_feed_that_cannot_be_is_said_by_check(string right, string wrong, string sentence)
    {
        var text = WithFeed(AllRoles.Example, 8446);
        Assert.Contains(right, text, StringComparison.Ordinal);
        var (code, _, errors) = PortunusProcess.Run(
            ["check", _roles.Folder.Write("all.json", text.Replace(right, wrong, StringComparison.Ordinal))]);
        Assert.Equal(1, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feed_that_can_be_is_right()
    {
        var (code, _, errors) = PortunusProcess.Run(["check", _roles.Folder.Write("all.json", WithFeed(AllRoles.Example, 8446))]);
        Assert.Equal((0, ""), (code, errors));
    }

    static string WithFeed(string text, int credentials)
    {
        const string clients = "\"turnServers\": [\"*.ims.example.net\"],";
        const string edges = "\"edges\": [{ \"name\": \"epcscf.ims.example.net\" }]";
        Assert.Contains(clients, text, StringComparison.Ordinal);
        Assert.Contains(edges, text, StringComparison.Ordinal);
        return text
            .Replace(clients, clients + $$"""
                "revocations": { "certificate": "waf-client.pem", "authorities": "operator-ca.pem",
                  "servers": [{ "name": "turn1.ims.example.net", "credentials": "https://127.0.0.1:{{credentials}}/" }] },
                """, StringComparison.Ordinal)
            .Replace(edges, edges + ", \"wafs\": [{ \"name\": \"waf.ims.example.net\" }]", StringComparison.Ordinal);
    }
}
