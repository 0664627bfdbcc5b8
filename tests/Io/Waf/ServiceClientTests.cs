using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portunus.Waf;

namespace Portunus.Tests.Io.Waf;

/// <summary>Client credentials, token exchange, and how a client says who it is.</summary>
public class ServiceClientTests
{
    const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    const string AccessToken = "urn:ietf:params:oauth:token-type:access_token";

    [Fact]
    public async Task A_client_alone_gets_a_token_that_is_nobody_in_the_IMS()
    {
        await using var waf = await WafStand.StartAsync();
        var token = await waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "turn"));
        var (_, claims) = CodeFlow.Read(token.Text("access_token"));
        Assert.Equal("native", claims.Text("sub"));
        Assert.False(claims.TryGetProperty("ims_impu", out _));
        Assert.False(claims.TryGetProperty("scenario", out _));
        var refused = await waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "ims.register"));
        Assert.Equal("invalid_scope", refused.Text("error"));
    }

    [Fact]
    public async Task A_site_gets_a_token_of_scenario_3_for_an_identity_of_its_block_until_the_lease_ends()
    {
        await using var waf = await WafStand.StartAsync();
        var token = await LeasedAsync(waf, $"sip:web2@{WafStand.Realm}", waf.Time.UnixSeconds + 300);
        var (_, claims) = CodeFlow.Read(token.Text("access_token"));
        Assert.Equal($"pool@{WafStand.Realm}", claims.Text("sub"));
        Assert.Equal($"sip:web2@{WafStand.Realm}", Assert.Single(claims.GetProperty("ims_impu").EnumerateArray()).GetString());
        Assert.Equal(3, claims.GetProperty("scenario").GetInt32());
        Assert.Equal("site", claims.Text("wwsf"));
        Assert.Equal(waf.Time.UnixSeconds + 300, claims.GetProperty("exp").GetInt64());

        var longer = await LeasedAsync(waf, $"sip:web2@{WafStand.Realm}", waf.Time.UnixSeconds + 100_000);
        Assert.Equal(
            waf.Time.UnixSeconds + 3600, CodeFlow.Read(longer.Text("access_token")).Claims.GetProperty("exp").GetInt64());
    }

    [Theory]
    [InlineData("sip:alice@ims.example.net", 300, "invalid_request")]
    [InlineData("sip:web1@ims.example.net", -1, "invalid_grant")]
    public async Task A_site_gets_nothing_outside_its_block_or_after_the_lease(string impu, int seconds, string error)
    {
        await using var waf = await WafStand.StartAsync();
        Assert.Equal(error, (await LeasedAsync(waf, impu, waf.Time.UnixSeconds + seconds)).Text("error"));
    }

    [Fact]
    public async Task A_client_that_has_no_block_gives_away_no_identity()
    {
        await using var waf = await WafStand.StartAsync();
        var token = await waf.Browser.TokenAsync(
            "native", ("grant_type", "client_credentials"), ("scope", "ims.register turn"),
            ("ims_impu", $"sip:web1@{WafStand.Realm}"), ("lease_ends", "99999999999"));
        Assert.Equal("invalid_request", token.Text("error"));
    }

    [Fact]
    public async Task A_token_is_exchanged_for_one_that_says_the_same_with_less_scope_and_no_longer()
    {
        await using var waf = await WafStand.StartAsync();
        var subject = await UserTokenAsync(waf);
        waf.Time.Advance(TimeSpan.FromMinutes(20));
        var token = await waf.Browser.TokenAsync(
            "native", ("grant_type", Exchange), ("subject_token", subject), ("subject_token_type", AccessToken),
            ("scope", "turn"));
        Assert.Equal(AccessToken, token.Text("issued_token_type"));
        var (_, claims) = CodeFlow.Read(token.Text("access_token"));
        Assert.Equal(WafStand.Alice.Impi, claims.Text("sub"));
        Assert.Equal(WafStand.Alice.Impus, claims.GetProperty("ims_impu").EnumerateArray().Select(impu => impu.GetString()));
        Assert.Equal("turn", claims.Text("scope"));
        Assert.Equal(2, claims.GetProperty("scenario").GetInt32());
        Assert.Equal("native", claims.GetProperty("act").Text("sub"));
        Assert.Equal(CodeFlow.Read(subject).Claims.Text("exp"), claims.Text("exp"));
    }

    [Fact]
    public async Task An_exchange_gives_no_more_scope_and_takes_no_token_that_is_not_the_clients_or_was_revoked()
    {
        await using var waf = await WafStand.StartAsync();
        var turn = await waf.Browser.TokenAsync(
            "native", ("grant_type", Exchange), ("subject_token", await UserTokenAsync(waf)), ("subject_token_type", AccessToken),
            ("scope", "turn"));
        var more = await waf.Browser.TokenAsync(
            "native", ("grant_type", Exchange), ("subject_token", turn.Text("access_token")), ("subject_token_type", AccessToken),
            ("scope", "ims.register"));
        Assert.Equal("invalid_scope", more.Text("error"));

        waf.OpenBrowser();
        var pages = (await waf.Browser.TokensAsync()).Text("access_token");
        Assert.Equal("invalid_grant", (await ExchangeAsync(waf, pages)).Text("error"));
        var subject = await UserTokenAsync(waf);
        await waf.Browser.PostFormAsync("/oauth/revoke", "native", ("token", subject));
        Assert.Equal("invalid_grant", (await ExchangeAsync(waf, subject)).Text("error"));
        var alone = await waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "turn"));
        Assert.Equal("invalid_grant", (await ExchangeAsync(waf, alone.Text("access_token"))).Text("error"));
    }

    [Fact]
    public async Task An_exchange_without_a_scope_gives_none_that_the_client_may_not_have()
    {
        WafClient edge = new()
        {
            Id = WafStand.Realm, Name = "Edge", Secret = WafStand.Secret, MayExchange = true, Scopes = [Scopes.Turn],
        };
        await using var waf = await WafStand.StartAsync(settings => settings with
        {
            Waf = settings.Waf with { Clients = [.. WafStand.Clients.Where(client => client.Id != edge.Id), edge] },
        });
        // The audience of a token may exchange it, whoever's client it was made for.
        var token = await waf.Browser.TokenAsync(
            edge.Id, ("grant_type", Exchange), ("subject_token", await UserTokenAsync(waf)), ("subject_token_type", AccessToken));
        Assert.Equal("turn", CodeFlow.Read(token.Text("access_token")).Claims.Text("scope"));
    }

    [Fact]
    public async Task What_was_exchanged_ends_with_what_it_came_from()
    {
        await using var waf = await WafStand.StartAsync();
        var code = await UserCodeAsync(waf);
        var exchanged = (await ExchangeAsync(waf, (await RedeemAsync(waf, code)).Text("access_token"))).Text("access_token");
        Assert.Equal("True", await ActiveAsync());
        // A code that is shown twice was stolen: all that came of it is revoked (RFC 6749 §4.1.2).
        Assert.Equal("invalid_grant", (await RedeemAsync(waf, code)).Text("error"));
        Assert.Equal("False", await ActiveAsync());

        async Task<string> ActiveAsync() =>
            (await waf.Browser.PostFormAsync("/oauth/introspect", WafStand.Realm, ("token", exchanged))).Text("active");
    }

    [Fact]
    public async Task A_client_proves_itself_by_a_certificate_of_the_authority_with_its_name()
    {
        using var authority = Authority.Create();
        using var other = Authority.Create();
        await using var waf = await WafStand.StartAsync(settings => settings with
        {
            CredentialListen = new(System.Net.IPAddress.Loopback, 0),
            CredentialAuthorities = [authority.Public, other.Public],
            Waf = settings.Waf with { ClientAuthorities = [authority.Public], Clients = [.. WafStand.Clients, WithCertificate] },
        });
        Assert.Equal("Bearer", (await AskAsync(authority, "robot.example.test")).Text("token_type"));
        Assert.Equal("invalid_client", (await AskAsync(authority, "robot2.example.test")).Text("error"));
        // Its connection is taken, since the authority may be that of TURN servers; the client is not.
        Assert.Equal("invalid_client", (await AskAsync(other, "robot.example.test")).Text("error"));
        Assert.Equal(
            "invalid_request",
            (await waf.Browser.TokenAsync(null, ("grant_type", "client_credentials"), ("client_id", "robot"))).Text("error"));

        async Task<System.Text.Json.JsonElement> AskAsync(Authority signer, string name)
        {
            using var certificate = signer.Issue(name);
            using var client = waf.NewClient(certificate);
            return await client.TokenAsync(null, ("grant_type", "client_credentials"), ("client_id", "robot"), ("scope", "turn"));
        }
    }

    [Fact]
    public async Task A_client_proves_itself_by_an_assertion_that_it_signed()
    {
        using var ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsaSecurityKey half = new(ECDsa.Create(ours.ExportParameters(false))) { KeyId = "k1" };
        var shown = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(half);
        shown.Use = "sig";
        WafClient signer = new()
        {
            Id = "signer", Name = "Signer", Keys = new() { Keys = { shown } }, MayActAlone = true, Scopes = [Scopes.Turn],
        };
        await using var waf = await WafStand.StartAsync(
            settings => settings with { Waf = settings.Waf with { Clients = [signer] } });
        Assert.Equal("Bearer", (await AskAsync(ours)).Text("token_type"));
        Assert.Equal("invalid_client", (await AskAsync(other)).Text("error"));

        Task<System.Text.Json.JsonElement> AskAsync(ECDsa key) => waf.Browser.TokenAsync(
            null, ("grant_type", "client_credentials"), ("client_id", "signer"), ("scope", "turn"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = "signer", Audience = "https://waf.example.test/", TokenType = "client-authentication+jwt",
                Claims = new Dictionary<string, object> { ["sub"] = "signer", ["jti"] = Guid.NewGuid().ToString() },
                IssuedAt = waf.Time.GetUtcNow().UtcDateTime, Expires = waf.Time.GetUtcNow().AddMinutes(1).UtcDateTime,
                SigningCredentials = new(new ECDsaSecurityKey(key) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256),
            })));
    }

    static WafClient WithCertificate => new()
    {
        Id = "robot", Name = "Robot", CertificateName = "robot.example.test", MayActAlone = true, Scopes = [Scopes.Turn],
    };

    static Task<System.Text.Json.JsonElement> LeasedAsync(WafStand waf, string impu, long ends) => waf.Browser.TokenAsync(
        "site", ("grant_type", "client_credentials"), ("scope", "ims.register turn"), ("ims_impu", impu),
        ("lease_ends", $"{ends}"));

    static Task<System.Text.Json.JsonElement> ExchangeAsync(WafStand waf, string subject) => waf.Browser.TokenAsync(
        "native", ("grant_type", Exchange), ("subject_token", subject), ("subject_token_type", AccessToken));

    /// <summary>A user's token for the native client, which is no first party.</summary>
    static async Task<string> UserTokenAsync(WafStand waf) =>
        (await RedeemAsync(waf, await UserCodeAsync(waf))).Text("access_token");

    static async Task<string> UserCodeAsync(WafStand waf)
    {
        waf.OpenBrowser();
        var request = CodeFlow.Request(("client_id", "native"), ("redirect_uri", "https://native.example.test/back"));
        var next = await waf.Browser.GetAsync((await waf.Browser.SignInAsync(request)).Headers.Location);
        if (next.Headers.Location is null)
            next = await waf.Browser.SubmitAsync(await next.Content.ReadAsStringAsync(), ("answer", "yes"));
        return System.Web.HttpUtility.ParseQueryString(next.Headers.Location!.Query)["code"]!;
    }

    static Task<System.Text.Json.JsonElement> RedeemAsync(WafStand waf, string code) => waf.Browser.TokenAsync(
        "native", ("grant_type", "authorization_code"), ("code", code), ("code_verifier", CodeFlow.Verifier),
        ("redirect_uri", "https://native.example.test/back"));
}
