using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.IdentityModel.Tokens;
using Portunus.Credentials;
using Portunus.Nodes.Waf;

namespace Portunus.Tests.Io.Waf;

/// <summary>Keys between a WAF and its TURN servers (RFC 7635 §4.1.1).</summary>
public sealed class StunKeyTests : IDisposable
{
    const string Server = "t1.turn.example.net";

    readonly Authority _operator = Authority.Create();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _operator.Dispose();

    [Fact]
    public async Task A_server_fetches_the_key_of_its_name_and_gets_tokens_under_it()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var before = await TurnTokenTests.AskAsync(waf, bearer, ("aud", Server));
        Assert.Equal("invalid_target", before.Json.Text("error"));

        var key = await FetchAsync(waf, Server);
        Assert.Equal("A256GCM", key.Text("enc"));
        Assert.False(key.TryGetProperty("others", out _));
        Assert.Equal(key.Text("kid"), (await FetchAsync(waf, Server)).Text("kid"));
        var (_, token) = await TurnTokenTests.AskAsync(waf, bearer, ("aud", Server));
        Assert.Equal(key.Text("kid"), token.Text("kid"));
        TokenKey fetched = new(key.Text("kid"), TokenAlgorithm.A256Gcm, Base64UrlEncoder.DecodeBytes(key.Text("k")));
        using TokenSeal seal = new(fetched, Server);
        Assert.True(seal.TryOpen(Convert.FromBase64String(token.Text("access_token")), out _));
        Assert.True(key.GetProperty("exp").GetInt64() >= waf.Time.UnixSeconds + (24 * 3600) + 1800);

        Assert.NotEqual(key.Text("k"), (await FetchAsync(waf, "t2.turn.example.net")).Text("k"));
        Assert.DoesNotContain(key.Text("k"), waf.Logs.Text);
    }

    [Fact]
    public async Task A_key_rotates_by_time_and_two_overlap()
    {
        await using var waf = await StartAsync();
        var bearer = await RefreshableAsync(waf);
        var first = await FetchAsync(waf, Server);
        waf.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(10));
        var second = await FetchAsync(waf, Server);
        Assert.NotEqual(first.Text("kid"), second.Text("kid"));
        Assert.Equal(first.Text("kid"), Assert.Single(second.GetProperty("others").EnumerateArray()).Text("kid"));

        // Shown, but it does not seal yet.
        Assert.Equal(first.Text("kid"), await KidAsync());
        waf.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(second.Text("kid"), await KidAsync());
        Assert.True((await FetchAsync(waf, Server)).TryGetProperty("others", out _));
        waf.Time.Advance(TimeSpan.FromMinutes(31));
        Assert.False((await FetchAsync(waf, Server)).TryGetProperty("others", out _));

        async Task<string> KidAsync() => (await TurnTokenTests.AskAsync(waf, await bearer(), ("aud", Server))).Json.Text("kid");
    }

    [Theory]
    [InlineData("t2.turn.example.net", Server)]
    [InlineData("t1.elsewhere.example", "t1.elsewhere.example")]
    [InlineData("a.t1.turn.example.net", "a.t1.turn.example.net")]
    [InlineData("turn.example.net", "turn.example.net")]
    [InlineData("*.turn.example.net", Server)]
    public async Task A_right_authority_with_another_name_is_refused(string certified, string asked)
    {
        await using var waf = await StartAsync();
        using var certificate = _operator.Issue(certified);
        using var client = waf.NewClient(certificate);
        using var response = await client.GetAsync(Path(asked), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Another_authoritys_certificate_and_one_that_has_expired_do_not_connect()
    {
        await using var waf = await StartAsync();
        using var stranger = Authority.Create();
        X509Certificate2[] wrong = [stranger.Issue(Server), _operator.Issue(Server, -30, -1), _operator.Issue(Server, 1, 30)];
        foreach (var certificate in wrong)
        {
            using (certificate)
            {
                using var client = waf.NewClient(certificate);
                await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Path(Server), Stop));
            }
        }
    }

    [Fact]
    public async Task The_web_listener_gives_no_keys()
    {
        await using var waf = await StartAsync();
        using var response = await waf.Browser.GetAsync(Path(Server), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_TURN_server_has_a_new_key_before_a_token_is_sealed_under_it_and_keeps_the_old_one()
    {
        await using var waf = await StartAsync();
        var seen = Channel.CreateUnbounded<ImmutableArray<TokenKey>>();
        await using var fetcher = await TurnKeyFetcher.StartAsync(
            Fetching(waf.Node.CredentialPort!.Value, waf.Time) with { Interval = TimeSpan.FromMilliseconds(20) },
            keys => seen.Writer.TryWrite([.. keys.Select(key => key.Key)]), waf.Logs);
        var first = Assert.Single(await seen.Reader.ReadAsync(Stop));
        waf.Time.Advance(TimeSpan.FromHours(23.9));
        var both = await seen.Reader.ReadAsync(Stop);
        Assert.Equal(2, both.Length);
        Assert.Equal(first.Kid, both[1].Kid);

        waf.Time.Advance(TimeSpan.FromHours(0.1));
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var (_, token) = await TurnTokenTests.AskAsync(waf, bearer, ("aud", Server));
        using TokenSeal seal = new(both.Single(key => key.Kid == token.Text("kid")), Server);
        Assert.True(seal.TryOpen(Convert.FromBase64String(token.Text("access_token")), out _));

        waf.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(both[0].Kid, Assert.Single(await seen.Reader.ReadAsync(Stop)).Kid);
        Assert.DoesNotContain(Convert.ToBase64String(first.Value.Span), waf.Logs.Text);
    }

    [Fact]
    public async Task A_WAF_that_is_down_takes_no_key_away_and_is_asked_again()
    {
        var waf = await StartAsync();
        var port = waf.Node.CredentialPort!.Value;
        var seen = Channel.CreateUnbounded<ImmutableArray<TokenKey>>();
        await using var fetcher = await TurnKeyFetcher.StartAsync(
            Fetching(port, waf.Time) with
            {
                FirstRetry = TimeSpan.FromMilliseconds(20), Interval = TimeSpan.FromMilliseconds(20),
            },
            keys => seen.Writer.TryWrite([.. keys.Select(key => key.Key)]), waf.Logs);
        var key = Assert.Single(await seen.Reader.ReadAsync(Stop));
        await waf.DisposeAsync();
        await waf.Logs.WaitForAsync("cannot be fetched", Stop);
        Assert.Equal([key], fetcher.Keys.Select(known => known.Key));
        // What is there ends when it ends, WAF or not.
        waf.Time.Advance(TimeSpan.FromHours(25));
        Assert.Empty(await seen.Reader.ReadAsync(Stop));
    }

    [Fact]
    public async Task A_TURN_server_starts_without_its_WAF()
    {
        using MemoryLogs logs = new();
        await using var fetcher = await TurnKeyFetcher.StartAsync(Fetching(1, TimeProvider.System), _ => { }, logs);
        Assert.Empty(fetcher.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"k":"AAAA","exp":1,"kid":"a","enc":"A256GCM"}""")]
    [InlineData("""{"k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","exp":1,"kid":"","enc":"A256GCM"}""")]
    [InlineData("""{"k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","exp":1.5,"kid":"a","enc":"A256GCM"}""")]
    [InlineData("""{"k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","exp":"1","kid":"a","enc":"A256GCM"}""")]
    [InlineData("""{"k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","exp":1,"kid":"a","enc":"none"}""")]
    [InlineData("""{"k":7,"exp":1,"kid":"a","enc":"A256GCM"}""")]
    public void An_answer_that_is_no_key_is_none(string json) =>
        Assert.Empty(TurnKeyClient.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_RFCs_answer_made_valid_is_read()
    {
        var json =
            """
            {"k":"ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1FXAghRMVTzkBGNaaN496523WIISKerLi",
             "exp":1300819380,"kid":"22BIjxU93h/IgwEb","enc":"A256GCM"}
            """u8;
        var key = Assert.Single(TurnKeyClient.Read(json.ToArray()));
        Assert.Equal(("22BIjxU93h/IgwEb", 1300819380), (key.Key.Kid, key.Ends));
        // The example's key has 48 bytes; of a longer one the first count, as everywhere.
        Assert.True(key.Key.WasCut);
    }

    Task<WafStand> StartAsync()
    {
        // By a name that the operator's authority certified; ends when the authority does.
        var certificate = _operator.Issue("localhost");
        return WafStand.StartAsync(settings => settings with
        {
            Certificate = certificate,
            CredentialListen = new(IPAddress.Loopback, 0),
            CredentialAuthorities = [_operator.Public],
            Waf = settings.Waf with { TurnServers = ["*.turn.example.net"] },
        });
    }

    TurnKeyFetcherSettings Fetching(int port, TimeProvider time) => new()
    {
        ServerName = Server,
        Certificate = _operator.Issue(Server),
        Sources = [new(new($"https://localhost:{port}/.well-known/stun-key"), [_operator.Public])],
        Time = time,
    };

    async Task<JsonElement> FetchAsync(WafStand waf, string server)
    {
        using var certificate = _operator.Issue(server);
        using var client = waf.NewClient(certificate);
        return JsonDocument.Parse(await client.GetStringAsync(Path(server), Stop)).RootElement;
    }

    static string Path(string server) => $"/.well-known/stun-key?service=stun&name={server}";

    /// <summary>A user's access token that is new whenever it is asked for.</summary>
    static async Task<Func<Task<string>>> RefreshableAsync(WafStand waf)
    {
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        return async () =>
        {
            tokens = await waf.Browser.TokenAsync(
                null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
            return tokens.Text("access_token");
        };
    }
}
