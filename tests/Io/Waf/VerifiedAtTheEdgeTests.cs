using Portunus.Epcscf;
using Portunus.Nodes.Tokens;

namespace Portunus.Tests.Io.Waf;

/// <summary>What an edge's verifier finds of the tokens that a WAF made.</summary>
public sealed class VerifiedAtTheEdgeTests : IAsyncLifetime
{
    WafStand _waf = null!;
    SocketsHttpHandler _handler = null!;
    TokenVerifier _verifier = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _waf = await WafStand.StartAsync();
        _handler = _waf.NewHandler();
        _verifier = NewVerifier();
    }

    public async ValueTask DisposeAsync()
    {
        _verifier.Dispose();
        _handler.Dispose();
        await _waf.DisposeAsync();
    }

    [Fact]
    public async Task A_users_token_is_good_and_says_who_it_is()
    {
        var token = (await _waf.Browser.TokensAsync()).Text("access_token");
        var claims = Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync(token)).Claims;
        Assert.Equal((WafStand.Alice.Impi, Scenario.Web), (claims.PrivateIdentity, claims.Scenario));
        Assert.Equal(WafStand.Alice.Impus, claims.Identities);
        Assert.Equal(("https://waf.example.test/", "wwsf.example.test"), (claims.Issuer, claims.WebServer));
        Assert.Equal(_waf.Time.UnixSeconds + 3600, claims.Expires);
        Assert.Equal(["ims.register", "turn"], claims.Scopes);
        Assert.Equal(CodeFlow.Read(token).Claims.Text("jti"), claims.Id);
        // Asked of the WAF, it is the same.
        var told = Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync(token, isRecheck: true)).Claims;
        Assert.Equal(claims.Identities, told.Identities);
        Assert.Equal(claims.Scopes, told.Scopes);
        Assert.Equal(claims with { Identities = [], Scopes = [] }, told with { Identities = [], Scopes = [] });
    }

    [Fact]
    public async Task A_leased_identitys_token_is_good_and_that_of_a_client_alone_is_not()
    {
        var leased = await _waf.Browser.TokenAsync(
            "site", ("grant_type", "client_credentials"), ("scope", "ims.register turn"),
            ("ims_impu", $"sip:web1@{WafStand.Realm}"), ("lease_ends", $"{_waf.Time.UnixSeconds + 300}"));
        var claims = Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync(leased.Text("access_token"))).Claims;
        Assert.Equal((Scenario.Pool, "site"), (claims.Scenario, claims.WebServer));
        var alone = await _waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "turn"));
        Assert.Equal(TokenFault.Invalid, await FaultAsync(alone.Text("access_token")));
    }

    [Fact]
    public async Task A_token_ends_and_a_revoked_one_is_found_by_asking_again()
    {
        var token = (await _waf.Browser.TokensAsync()).Text("access_token");
        await _waf.Browser.PostFormAsync("/oauth/revoke", null, ("client_id", "page"), ("token", token));
        // By its signature alone it is good.
        Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync(token));
        Assert.Equal(TokenFault.Invalid, await FaultAsync(token, isRecheck: true));
        _waf.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(TokenFault.Expired, await FaultAsync(token));
    }

    [Fact]
    public async Task A_key_that_is_new_is_looked_for()
    {
        Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync((await _waf.Browser.TokensAsync()).Text("access_token")));
        _waf.Time.Advance(TimeSpan.FromDays(31));
        _waf.OpenBrowser();
        Assert.IsType<EdgeAnswer.Verified>(await VerifyAsync((await _waf.Browser.TokensAsync()).Text("access_token")));
    }

    TokenVerifier NewVerifier() => new(
        [
            new()
            {
                Issuer = "https://waf.example.test/", Keys = new(WafStand.Issuer, "/.well-known/jwks"),
                Introspection = new(WafStand.Issuer, "/oauth/introspect"), ClientId = WafStand.Realm, ClientSecret = WafStand.Secret,
            },
        ],
        WafStand.Realm, _handler, _waf.Time);

    Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck = false) => _verifier.VerifyAsync(token, isRecheck, Stop);

    async Task<TokenFault> FaultAsync(string token, bool isRecheck = false) =>
        Assert.IsType<EdgeAnswer.NotVerified>(await VerifyAsync(token, isRecheck)).Fault;
}
