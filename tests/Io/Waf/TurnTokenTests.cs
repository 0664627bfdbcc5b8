using System.Net;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Tests.Io.Waf;

public class TurnTokenTests
{
    const string Server = "turn1.ims.example.net";

    static readonly TokenKey Key = new("by-hand", TokenAlgorithm.A256Gcm, new byte[32]);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 20, "HMAC-SHA-1")]
    [InlineData("HMAC-SHA-1", 20, "HMAC-SHA-1")]
    [InlineData("HMAC-SHA-256", 32, "HMAC-SHA-256")]
    [InlineData("HMAC-SHA-256-128", 32, "HMAC-SHA-256-128")]
    public async Task OAuth_in_S2_gives_a_token_that_the_TURN_server_opens(string? alg, int keyLength, string answered)
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var (status, json) = await AskAsync(waf, bearer, alg is null ? [("aud", Server)] : [("aud", Server), ("alg", alg)]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("pop", json.Text("token_type"));
        Assert.Equal("by-hand", json.Text("kid"));
        Assert.Equal(answered, json.Text("alg"));
        Assert.Equal(1800, json.GetProperty("expires_in").GetInt32());

        using TokenSeal seal = new(Key, Server);
        Assert.True(seal.TryOpen(Convert.FromBase64String(json.Text("access_token")), out var opened));
        Assert.Equal(keyLength, opened.MacKey.Length);
        Assert.Equal(Convert.FromBase64String(json.Text("key")), opened.MacKey.Span.ToArray());
        Assert.Equal((waf.Time.UnixSeconds, 1800u), (opened.IssuedAt, opened.Lifetime));
        using TokenSeal other = new(Key, "turn2.ims.example.net");
        Assert.False(other.TryOpen(Convert.FromBase64String(json.Text("access_token")), out _));
    }

    [Fact]
    public async Task A_nonce_leads_to_its_access_token_and_its_user()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var first = Nonce((await AskAsync(waf, bearer, ("aud", Server))).Json);
        var second = Nonce((await AskAsync(waf, bearer, ("aud", Server))).Json);
        // One grant, counted.
        Assert.Equal(first[..8], second[..8]);
        Assert.Equal([0, 0, 0, 0], first[8..]);
        Assert.Equal([0, 0, 0, 1], second[8..]);

        var grant = await waf.Store.FindGrantAsync(Convert.ToHexStringLower(first[..8]), Stop);
        Assert.NotNull(grant);
        Assert.Equal((WafStand.Alice.Impi, WafStand.Alice.Impus[0]), (grant.Impi, grant.Impu));
        Assert.Equal(("page", Server), (grant.Client, grant.Server));
        Assert.Equal(CodeFlow.Read(bearer).Claims.Text("jti"), grant.TokenId);
        Assert.Equal([grant], await waf.Store.FindGrantsOfTokenAsync(grant.TokenId, Stop));
        Assert.Equal([grant], await waf.Store.FindGrantsOfSubscriberAsync(WafStand.Alice.Impi, Stop));
        // Another token is another grant.
        var next = (await waf.Browser.RedeemAsync(CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop))));
        Assert.NotEqual(first[..8], Nonce((await AskAsync(waf, next.Text("access_token"), ("aud", Server))).Json)[..8]);
    }

    [Fact]
    public async Task A_server_is_one_grant_however_its_name_is_written()
    {
        await using var waf = await StartAsync("turn2.turn.example.net", "TURN2.Turn.example.net");
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var first = Nonce((await AskAsync(waf, bearer, ("aud", "turn2.turn.example.net"))).Json);
        var second = Nonce((await AskAsync(waf, bearer, ("aud", "TURN2.Turn.example.net"))).Json);
        Assert.Equal(first[..8], second[..8]);
        Assert.NotEqual(first, second);
        var grant = Assert.Single(await waf.Store.FindGrantsOfSubscriberAsync(WafStand.Alice.Impi, Stop));
        Assert.Equal("turn2.turn.example.net", grant.Server);
    }

    [Fact]
    public async Task Four_zeros_end_a_key_of_20_bytes_for_servers_that_take_16()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        var key = Convert.FromBase64String((await AskAsync(waf, bearer, ("aud", Server))).Json.Text("key"));
        Assert.Equal([0, 0, 0, 0], key[16..]);
    }

    [Fact]
    public async Task A_TURN_token_lives_no_longer_than_the_token_it_was_asked_with()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        waf.Time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(600, (await AskAsync(waf, bearer, ("aud", Server))).Json.GetProperty("expires_in").GetInt32());
        waf.Time.Advance(TimeSpan.FromMinutes(11));
        var (status, json) = await AskAsync(waf, bearer, ("aud", Server));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (status, json.Text("error")));
    }

    [Fact]
    public async Task OAuth_in_S3_gives_a_token_for_the_leased_identity()
    {
        await using var waf = await StartAsync();
        var bearer = await waf.Browser.TokenAsync(
            "site", ("grant_type", "client_credentials"), ("scope", "ims.register turn"),
            ("ims_impu", $"sip:web1@{WafStand.Realm}"), ("lease_ends", $"{waf.Time.UnixSeconds + 120}"));
        var (status, json) = await AskAsync(waf, bearer.Text("access_token"), ("aud", Server));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(120, json.GetProperty("expires_in").GetInt32());
        var grant = await waf.Store.FindGrantAsync(Convert.ToHexStringLower(Nonce(json)[..8]), Stop);
        Assert.Equal($"sip:web1@{WafStand.Realm}", grant!.Impu);
    }

    // Drill 1.
    [Fact]
    public async Task OAuth_in_S1_is_refused_a_WIC_without_login_that_asks_the_WAF_for_a_token_is_told_why()
    {
        await using var waf = await StartAsync();
        var alone = await waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "turn"));
        var (status, json) = await AskAsync(waf, alone.Text("access_token"), ("aud", Server));
        Assert.Equal((HttpStatusCode.Forbidden, "insufficient_scope"), (status, json.Text("error")));
        Assert.Contains("Nobody has authenticated the user", json.Text("error_description"));
        Assert.Contains("ask the eP-CSCF", json.Text("error_description"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")]
    public async Task Without_a_token_that_counts_the_answer_is_401_invalid_token(string? bearer)
    {
        await using var waf = await StartAsync();
        var (status, json) = await AskAsync(waf, bearer, ("aud", Server));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (status, json.Text("error")));
    }

    [Fact]
    public async Task A_revoked_token_and_one_without_the_scope_get_nothing()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        await waf.Browser.PostFormAsync("/oauth/revoke", null, ("client_id", "page"), ("token", bearer));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(waf, bearer, ("aud", Server))).Status);

        waf.OpenBrowser();
        var without = (await waf.Browser.TokensAsync(("scope", "ims.register"))).Text("access_token");
        var (status, json) = await AskAsync(waf, without, ("aud", Server));
        Assert.Equal((HttpStatusCode.Forbidden, "insufficient_scope"), (status, json.Text("error")));
    }

    [Theory]
    [InlineData("aud", "turn9.elsewhere.example", "invalid_target")]
    [InlineData("aud", "new.turn.example.net", "invalid_target")]
    [InlineData("aud", "", "invalid_request")]
    [InlineData("alg", "HMAC-MD5", "invalid_request")]
    [InlineData("grant_type", "password", "invalid_request")]
    [InlineData("token_type", "bearer", "invalid_request")]
    public async Task A_request_that_cannot_be_met_is_told_why(string name, string value, string error)
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        Dictionary<string, string> form = new() { ["aud"] = Server, [name] = value };
        var (status, json) = await AskAsync(waf, bearer, [.. form.Select(field => (field.Key, field.Value))]);
        Assert.Equal((HttpStatusCode.BadRequest, error), (status, json.Text("error")));
    }

    [Fact]
    public async Task Token_and_key_stand_in_no_log_and_no_cache()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        using var response = await SendAsync(waf, bearer, ("aud", Server));
        Assert.True(response.Headers.CacheControl!.NoStore);
        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.DoesNotContain(json.Text("access_token"), waf.Logs.Text);
        Assert.DoesNotContain(json.Text("key"), waf.Logs.Text);
        Assert.DoesNotContain(bearer, waf.Logs.Text);
        Assert.Contains(WafStand.Alice.Impi, waf.Logs.Text);
    }

    [Fact]
    public async Task A_body_beyond_16_kB_is_not_read()
    {
        await using var waf = await StartAsync();
        var bearer = (await waf.Browser.TokensAsync()).Text("access_token");
        using var response = await SendAsync(waf, bearer, ("aud", Server), ("padding", new string('x', 20_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    internal static async Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(
        WafStand waf, string? bearer, params (string Name, string Value)[] fields)
    {
        using var response = await SendAsync(waf, bearer, fields);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop)).RootElement);
    }

    static async Task<HttpResponseMessage> SendAsync(WafStand waf, string? bearer, params (string Name, string Value)[] fields)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/turn/token")
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (bearer is not null) request.Headers.Authorization = CodeFlow.Bearer(bearer);
        return await waf.Browser.SendAsync(request, Stop);
    }

    static Task<WafStand> StartAsync(params string[] more) => WafStand.StartAsync(settings => settings with
    {
        Waf = settings.Waf with
        {
            TurnServers = ["*.turn.example.net"], TurnKeys = more.Append(Server).ToDictionary(name => name, _ => Key),
        },
    });

    static byte[] Nonce(JsonElement json) => Convert.FromBase64String(json.Text("access_token"))[2..14];
}
