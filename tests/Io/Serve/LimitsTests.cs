using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Up;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Io.Serve;

/// <summary>Limits travel with a credential, from where it is made to the TURN server that holds to them.</summary>
public sealed class LimitsTests : IDisposable
{
    const string Limits = """ "limits": [{ "name": "guest", "maxAllocations": 1, "peers": ["127.0.0.2/32"] }], """;

    readonly AllRoles _roles = new();

    public void Dispose() => _roles.Dispose();

    [Fact]
    public async Task The_profile_that_an_edge_mints_into_a_name_holds_at_the_TURN_server()
    {
        using var turn = _roles.Serve("turn.json", $$"""
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"],
                {{Limits}} "allowPeers": ["127.0.0.0/8"] } }
            """);
        using var edge = _roles.Serve("edge.json", $$"""
            { "domain": "ims.example.net",
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "shared-secret", "secret": "@turn-secret", "profile": "guest",
                  "turnServers": [{ "uris": ["turn:{{turn.At("turn")}}"] }] } } }
            """);
        var server = TransportAddress.From(IPEndPoint.Parse(turn.At("turn")));
        await using var wic = await SipClient.ConnectAsync(
            new($"ws://{edge.At("http")}/w2"), "alice", ConfigurationFolder.Domain);
        var registered = await wic.RegisterAsync(ConfigurationFolder.Password, ask: "password");
        var given = Assert.IsType<PasswordCredential>(Matrix.MatrixClient.Read(registered));
        Assert.EndsWith(".guest", given.Username, StringComparison.Ordinal);
        AssertHolds(() => new(server, given.Username, given.Credential));
        Assert.Equal(0, turn.Terminate());
    }

    [Fact]
    public async Task The_limits_of_a_WAF_hold_for_all_tokens_under_the_keys_that_it_gives()
    {
        var turn = AllRoles.FreePort();
        var text = AllRoles.OnFreePorts(turn, AllRoles.FreePort())
            .Replace("\"secrets\"", Limits + "\"secrets\"", StringComparison.Ordinal)
            .Replace("stun-key\", \"authorities\"", "stun-key\", \"limits\": \"guest\", \"authorities\"", StringComparison.Ordinal);
        using var all = _roles.Serve("all.json", text);
        _roles.AddAlice("all.json");
        var (token, _) = await _roles.SignInAsync(all);
        var given = await _roles.TurnTokenAsync(all, token);
        AssertHolds(() => new(TransportAddress.From(IPEndPoint.Parse($"127.0.0.1:{turn}")), given));
    }

    static void AssertHolds(Func<RawClient> open)
    {
        using var first = open();
        using var second = open();
        Assert.Null(first.Allocate().Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);
        Assert.Null(first.Permit(TransportAddress.IPv4(0x7F000002, 0)).Error);
        Assert.Equal(ErrorCode.Forbidden, first.Permit(TransportAddress.IPv4(0x7F000003, 0)).Error);
    }
}
