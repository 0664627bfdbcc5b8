using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Waf;
using Portunus.Tests.Io.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Waf;

/// <summary>WAF, TURN server and client over real sockets: a user's token opens a relay, and keys rotate under it.</summary>
public sealed class TurnServerTests
{
    const string Server = "t1.turn.example.net";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Drill 15, for the keys of tokens.
    [Theory]
    [InlineData("HMAC-SHA-1")]
    [InlineData("HMAC-SHA-256")]
    public async Task A_rotation_of_the_key_between_WAF_and_TURN_server_fails_no_Allocate(string alg)
    {
        using var authority = Authority.Create();
        // The WAF's clock is a day and a minute behind, and comes to the real one, which the TURN server has, when its first key
        // has done its day.
        ManualTime time = new();
        time.Advance(-TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var certificate = authority.Issue("localhost", from: -3);
        await using var waf = await WafStand.StartAsync(
            settings => settings with
            {
                Certificate = certificate,
                CredentialListen = new(IPAddress.Loopback, 0),
                CredentialAuthorities = [authority.Public],
                Waf = settings.Waf with { TurnServers = ["*.turn.example.net"] },
            },
            time: time);
        using var node = Start();
        var applied = Channel.CreateUnbounded<int>();
        await using var fetcher = await TurnKeyFetcher.StartAsync(
            new()
            {
                ServerName = Server, Certificate = authority.Issue(Server, from: -3), Time = time,
                Sources = [new(new($"https://localhost:{waf.Node.CredentialPort}/.well-known/stun-key"), [authority.Public])],
                Interval = TimeSpan.FromMilliseconds(20),
            },
            keys => node.UseAsync(new CredentialVerifier(Sources([.. keys.Select(key => key.Key)])))
                .ContinueWith(_ => applied.Writer.TryWrite(keys.Length), TaskScheduler.Default),
            waf.Logs);
        Assert.Equal(1, await applied.Reader.ReadAsync(Stop));

        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(10));
        Assert.Equal(2, await applied.Reader.ReadAsync(Stop));
        var user = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        var old = Issued((await TurnTokenTests.AskAsync(waf, user.Text("access_token"), ("aud", Server), ("alg", alg))).Json);
        using RawClient held = new(node.Listeners[0], old);
        Assert.Null(held.Allocate().Error);

        time.Advance(TimeSpan.FromMinutes(11));
        var fresh = Issued((await TurnTokenTests.AskAsync(waf, user.Text("access_token"), ("aud", Server), ("alg", alg))).Json);
        Assert.NotEqual(old.Kid, fresh.Kid);
        // A call goes on with a token of the new key, and either key opens a relay.
        Assert.Null(held.Refresh(600, fresh).Error);
        foreach (var token in new[] { old, fresh })
        {
            using RawClient client = new(node.Listeners[0], token);
            Assert.Null(client.Allocate().Error);
        }
    }

    static TurnNode Start()
    {
        var loopback = TransportAddress.IPv4(0x7F000001, 0);
        TurnSettings rules = new() { Realm = WafStand.Realm, Relays = [new(loopback)] };
        return TurnNode.Start(
            new() { Listen = [loopback], Rules = rules }, new CredentialVerifier(Sources([])), NullLogger.Instance);
    }

    static CredentialSources Sources(ImmutableArray<TokenKey> keys) => new()
    {
        Realm = WafStand.Realm, ServerName = Server, TokenKeys = [.. keys.Select(key => new TokenKeySource(key))],
    };

    static IssuedToken Issued(JsonElement json) => new(
        json.Text("kid"), Bytes.Copy(Convert.FromBase64String(json.Text("key"))),
        Bytes.Copy(Convert.FromBase64String(json.Text("access_token"))), Server, json.GetProperty("expires_in").GetUInt32());
}
