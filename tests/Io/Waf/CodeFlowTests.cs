using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portunus.Tests.Io.Waf;

public class CodeFlowTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_signs_a_user_in_and_gets_a_SIP_access_token()
    {
        await using var waf = await WafStand.StartAsync();
        var tokens = await waf.Browser.TokensAsync();
        var (header, claims) = CodeFlow.Read(tokens.Text("access_token"));

        Assert.Equal("at+jwt", header.Text("typ"));
        Assert.Equal("ES256", header.Text("alg"));
        Assert.Equal("https://waf.example.test/", claims.Text("iss"));
        Assert.Equal(WafStand.Realm, claims.GetProperty("aud").GetString());
        Assert.Equal(WafStand.Alice.Impi, claims.Text("sub"));
        Assert.Equal(WafStand.Alice.Impus, claims.GetProperty("ims_impu").EnumerateArray().Select(impu => impu.GetString()));
        Assert.Equal("wwsf.example.test", claims.Text("wwsf"));
        Assert.Equal(2, claims.GetProperty("scenario").GetInt32());
        Assert.Equal("ims.register turn", claims.Text("scope"));
        Assert.Equal("page", claims.Text("client_id"));
        Assert.Equal(waf.Time.UnixSeconds, claims.GetProperty("iat").GetInt64());
        Assert.Equal(waf.Time.UnixSeconds, claims.GetProperty("nbf").GetInt64());
        Assert.Equal(waf.Time.UnixSeconds + 3600, claims.GetProperty("exp").GetInt64());
        Assert.NotEmpty(claims.Text("jti"));
        Assert.False(claims.TryGetProperty("portunus_user", out _));
        Assert.False(tokens.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task A_token_is_verified_by_the_key_that_the_JWKS_shows()
    {
        await using var waf = await WafStand.StartAsync();
        var token = (await waf.Browser.TokensAsync()).Text("access_token");
        var discovery = await JsonAsync(waf, "/.well-known/oauth-authorization-server");
        Assert.Equal("https://waf.example.test/", discovery.Text("issuer"));
        var methods = discovery.GetProperty("code_challenge_methods_supported").EnumerateArray();
        Assert.Equal("S256", Assert.Single(methods).GetString());
        var jwks = new JsonWebKeySet((await JsonAsync(waf, new Uri(discovery.Text("jwks_uri")).AbsolutePath)).ToString());
        var shown = Assert.Single(jwks.Keys);
        Assert.Equal((JsonWebAlgorithmsKeyTypes.EllipticCurve, "P-256"), (shown.Kty, shown.Crv));
        Assert.Null(shown.D);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
        {
            ValidIssuer = discovery.Text("issuer"), ValidAudience = WafStand.Realm, IssuerSigningKeys = jwks.GetSigningKeys(),
            ValidTypes = ["at+jwt"], ValidAlgorithms = ["ES256"],
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Theory]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge_method", "plain")]
    public async Task Only_PKCE_with_S256_is_taken(string name, string? value)
    {
        await using var waf = await WafStand.StartAsync();
        var answer = await waf.Browser.GetAsync(
            value is null
                ? CodeFlow.Request(("code_challenge", null), ("code_challenge_method", null))
                : CodeFlow.Request((name, value)),
            Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("error:invalid_request", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("https://wwsf.example.test/back/")]
    [InlineData("https://wwsf.example.test/back?x=1")]
    [InlineData("https://wwsf.example.test:8443/back")]
    [InlineData("http://wwsf.example.test/back")]
    [InlineData("https://wwsf.example.test.evil.test/back")]
    public async Task A_redirect_URI_that_differs_in_a_byte_is_refused_without_a_redirect(string uri)
    {
        await using var waf = await WafStand.StartAsync();
        var answer = await waf.Browser.GetAsync(CodeFlow.Request(("redirect_uri", uri)), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task A_code_needs_its_verifier_and_counts_once()
    {
        await using var waf = await WafStand.StartAsync();
        var code = await waf.Browser.CodeAsync();
        var wrong = await waf.Browser.TokenAsync(
            null, ("grant_type", "authorization_code"), ("client_id", "page"), ("code", code),
            ("redirect_uri", "https://wwsf.example.test/back"), ("code_verifier", new string('a', 43)));
        Assert.Equal("invalid_grant", wrong.Text("error"));

        var fresh = CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop));
        var first = await waf.Browser.RedeemAsync(fresh);
        Assert.Equal("invalid_grant", (await waf.Browser.RedeemAsync(fresh)).Text("error"));
        // RFC 6749 §4.1.2: what came of a code that is shown twice is revoked.
        Assert.False(await IsActiveAsync(waf, first.Text("access_token")));
    }

    [Fact]
    public async Task A_code_lives_for_a_minute()
    {
        await using var waf = await WafStand.StartAsync();
        var code = await waf.Browser.CodeAsync();
        waf.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("invalid_grant", (await waf.Browser.RedeemAsync(code)).Text("error"));
    }

    [Fact]
    public async Task A_scope_that_a_client_may_not_have_is_refused()
    {
        await using var waf = await WafStand.StartAsync();
        var answer = await waf.Browser.GetAsync(CodeFlow.Request(("scope", "turn admin")), Stop);
        Assert.Contains("error:invalid_scope", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_refresh_token_is_exchanged_for_the_next_and_ends_all_when_it_is_shown_again()
    {
        await using var waf = await WafStand.StartAsync();
        var first = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        waf.Time.Advance(TimeSpan.FromMinutes(50));
        var second = await RefreshAsync(waf, first);
        Assert.NotEqual(first.Text("refresh_token"), second.Text("refresh_token"));
        Assert.Equal(WafStand.Alice.Impi, CodeFlow.Read(second.Text("access_token")).Claims.Text("sub"));
        Assert.True(await IsActiveAsync(waf, second.Text("access_token")));

        Assert.Equal("invalid_grant", (await RefreshAsync(waf, first)).Text("error"));
        Assert.Equal("invalid_grant", (await RefreshAsync(waf, second)).Text("error"));
        Assert.False(await IsActiveAsync(waf, second.Text("access_token")));
    }

    [Fact]
    public async Task A_revoked_token_is_not_active()
    {
        await using var waf = await WafStand.StartAsync();
        var token = (await waf.Browser.TokensAsync()).Text("access_token");
        Assert.True(await IsActiveAsync(waf, token));
        await waf.Browser.PostFormAsync("/oauth/revoke", null, ("client_id", "page"), ("token", token));
        Assert.False(await IsActiveAsync(waf, token));
    }

    [Fact]
    public async Task Introspection_tells_the_edge_all_and_a_client_without_a_right_nothing()
    {
        await using var waf = await WafStand.StartAsync();
        var token = (await waf.Browser.TokensAsync()).Text("access_token");
        var told = await waf.Browser.PostFormAsync("/oauth/introspect", WafStand.Realm, ("token", token));
        Assert.True(told.GetProperty("active").GetBoolean());
        Assert.Equal(WafStand.Alice.Impi, told.Text("sub"));
        Assert.Equal(WafStand.Alice.Impus, told.GetProperty("ims_impu").EnumerateArray().Select(impu => impu.GetString()));
        Assert.Equal("ims.register turn", told.Text("scope"));
        Assert.Equal("2", told.Text("scenario"));

        var refused = await waf.Browser.PostFormAsync("/oauth/introspect", "native", ("token", token));
        Assert.Equal("unauthorized_client", refused.Text("error"));
        var nobody = await waf.Browser.PostFormAsync("/oauth/introspect", null, ("token", token));
        Assert.Equal("invalid_client", nobody.Text("error"));
        waf.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.False(await IsActiveAsync(waf, token));
    }

    [Fact]
    public async Task Secrets_stand_in_no_log()
    {
        await using var waf = await WafStand.StartAsync();
        var code = await waf.Browser.CodeAsync(("scope", "ims.register turn offline_access"));
        var tokens = await waf.Browser.RedeemAsync(code);
        await RefreshAsync(waf, tokens);
        Assert.True(await IsActiveAsync(waf, tokens.Text("access_token")) is var _);
        foreach (var secret in new[]
        {
            WafStand.Password, WafStand.Secret, code, CodeFlow.Verifier, tokens.Text("access_token"),
            tokens.Text("refresh_token"),
        })
            Assert.DoesNotContain(secret, waf.Logs.Text);
    }

    [Fact]
    public async Task What_was_used_leaves_the_tables_and_what_counts_stays()
    {
        await using var waf = await WafStand.StartAsync();
        var ended = (await waf.Browser.TokensAsync()).Text("access_token");
        Assert.True(await IsActiveAsync(waf, ended));
        var before = await waf.CountTokensAsync();
        waf.Time.Advance(TimeSpan.FromDays(20));
        waf.OpenBrowser();
        var counts = (await waf.Browser.TokensAsync()).Text("access_token");
        Assert.True(await IsActiveAsync(waf, counts));
        // A code and an access token each time. The code of then, which was used, has gone; whether the token has run out
        // OpenIddict's store asks the system's clock, which says no.
        Assert.Equal((2, 3), (before, await waf.CountTokensAsync()));
    }

    internal static async Task<bool> IsActiveAsync(WafStand waf, string token)
    {
        var told = await waf.Browser.PostFormAsync("/oauth/introspect", WafStand.Realm, ("token", token));
        return told.GetProperty("active").GetBoolean();
    }

    static Task<JsonElement> RefreshAsync(WafStand waf, JsonElement tokens) => waf.Browser.TokenAsync(
        null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));

    static async Task<JsonElement> JsonAsync(WafStand waf, string path) =>
        JsonDocument.Parse(await waf.Browser.GetStringAsync(path, Stop)).RootElement;
}
