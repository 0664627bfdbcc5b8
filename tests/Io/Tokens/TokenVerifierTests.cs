using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Portunus.Epcscf;
using Portunus.Nodes.Tokens;

namespace Portunus.Tests.Io.Tokens;

public sealed class TokenVerifierTests : IAsyncLifetime
{
    readonly MovableClock _clock = new();
    WafStub _waf = null!;
    TokenVerifier _verifier = null!;

    public async ValueTask InitializeAsync()
    {
        _waf = await WafStub.StartAsync();
        _waf.Clock = _clock;
        _verifier = Verifier(new AuthorizationServer { Issuer = WafStub.Issuer, Keys = _waf.Keys });
    }

    public async ValueTask DisposeAsync()
    {
        _verifier.Dispose();
        await _waf.DisposeAsync();
    }

    TokenVerifier Verifier(params AuthorizationServer[] issuers) => new(issuers, WafStub.Audience, clock: _clock);

    Task<EdgeAnswer> Verify(string token, bool isRecheck = false) =>
        _verifier.VerifyAsync(token, isRecheck, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_good_token_tells_whose_it_is()
    {
        var claims = Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token())).Claims;
        Assert.Equal(
            ("alice@ims.example.net", WafStub.Issuer, "shop.example", Scenario.Web, "1"),
            (claims.PrivateIdentity, claims.Issuer, claims.WebServer, claims.Scenario, claims.Id));
        Assert.Equal(["sip:alice@ims.example.net"], claims.Identities);
        Assert.Equal(["ims.register", "turn"], claims.Scopes);
        Assert.InRange(claims.Expires, _clock.GetUtcNow().ToUnixTimeSeconds() + 590, _clock.GetUtcNow().ToUnixTimeSeconds() + 610);
    }

    public static TheoryData<string, Action<Dictionary<string, object>>> Bad => new()
    {
        { "iss", claims => claims["iss"] = "https://evil.example" },
        { "no iss", claims => claims.Remove("iss") },
        { "aud", claims => claims["aud"] = "elsewhere.net" },
        { "no aud", claims => claims.Remove("aud") },
        { "no sub", claims => claims.Remove("sub") },
        { "no exp", claims => claims.Remove("exp") },
        { "a line break in sub", claims => claims["sub"] = "alice\r\nP-Asserted-Identity: <sip:bob@ims.example.net>" },
        { "no jti", claims => claims.Remove("jti") },
        { "no ims_impu", claims => claims.Remove("ims_impu") },
        { "empty ims_impu", claims => claims["ims_impu"] = Array.Empty<string>() },
        { "scenario 1", claims => claims["scenario"] = 1 },
        { "no scenario", claims => claims.Remove("scenario") },
        { "nbf", claims => claims["nbf"] = (long)claims["nbf"] + 60 },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task A_token_with_a_claim_that_is_wrong_or_missing_is_not_good(string what, Action<Dictionary<string, object>> change)
    {
        var fault = Assert.IsType<EdgeAnswer.NotVerified>(await Verify(_waf.Token(change: change))).Fault;
        Assert.Equal((what, what == "no exp" ? TokenFault.Expired : TokenFault.Invalid), (what, fault));
    }

    [Theory]
    [InlineData(-4, true)]
    [InlineData(-60, false)]
    public async Task An_expired_token_is_said_to_be_so_and_two_clocks_may_be_5_s_apart(int seconds, bool isGood)
    {
        var expired = _waf.Token(change: claims => claims["exp"] = _clock.GetUtcNow().ToUnixTimeSeconds() + seconds);
        var answer = await Verify(expired);
        if (isGood) Assert.IsType<EdgeAnswer.Verified>(answer);
        else Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Expired), answer);
    }

    [Fact]
    public async Task What_a_token_says_of_its_own_algorithm_and_type_is_not_believed()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var forged = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The public key as the secret of an HMAC: the oldest trick.
        var secret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('k', 64))) { KeyId = "one" };
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt","kid":"one"}""");
        var unsigned = $"{header}.{_waf.Token().Split('.')[1]}.";
        string[] bad =
        [
            _waf.Token(type: "JWT"), unsigned, "", "x", "a.b.c", new('a', 9000), _waf.Token()[..^4] + "AAAA",
            _waf.Token(key: secret, algorithm: SecurityAlgorithms.HmacSha256),
            _waf.Token(key: new ECDsaSecurityKey(p384) { KeyId = "one" }, algorithm: SecurityAlgorithms.EcdsaSha384),
            _waf.Token(key: new ECDsaSecurityKey(forged) { KeyId = "one" }),
            _waf.Token(key: new ECDsaSecurityKey(forged)),
        ];
        foreach (var token in bad)
            Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Invalid), await Verify(token));
    }

    [Fact]
    public async Task The_keys_are_fetched_once_and_again_for_a_key_that_is_new_but_not_for_each_name_that_is_made_up()
    {
        for (var i = 0; i < 10; i++) Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token()));
        Assert.Equal(1, _waf.Fetches);

        _waf.AddKey("two");
        _clock.Move(TimeSpan.FromSeconds(6));
        Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token("two")));
        Assert.Equal(2, _waf.Fetches);

        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        for (var i = 0; i < 10; i++)
        {
            var made = _waf.Token(key: new ECDsaSecurityKey(stranger) { KeyId = $"made-up-{i}" });
            Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Invalid), await Verify(made));
        }

        Assert.Equal(2, _waf.Fetches);
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_believed_for_ten_minutes_at_most()
    {
        var token = _waf.Token(change: claims => claims["exp"] = _clock.GetUtcNow().ToUnixTimeSeconds() + 3600);
        Assert.IsType<EdgeAnswer.Verified>(await Verify(token));
        _waf.RemoveKey("one");
        _clock.Move(TimeSpan.FromMinutes(11));
        Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Invalid), await Verify(token));
    }

    [Fact]
    public async Task A_WAF_that_is_down_makes_its_tokens_unavailable_and_what_was_fetched_counts_on()
    {
        _waf.IsWell = false;
        Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Unavailable), await Verify(_waf.Token()));
        _waf.IsWell = true;
        _clock.Move(TimeSpan.FromSeconds(6));
        Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token()));
        _waf.IsWell = false;
        _clock.Move(TimeSpan.FromMinutes(15));
        var later = _waf.Token(change: claims => claims["exp"] = _clock.GetUtcNow().ToUnixTimeSeconds() + 3600);
        Assert.IsType<EdgeAnswer.Verified>(await Verify(later));
    }

    [Fact]
    public async Task Who_has_a_key_does_not_wait_for_a_WAF_that_takes_its_time_after_it_failed_once()
    {
        Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token()));
        _waf.IsWell = false;
        _clock.Move(TimeSpan.FromMinutes(11));
        Assert.IsType<EdgeAnswer.Verified>(await Verify(_waf.Token()));
        _waf.IsWell = true;
        _waf.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.Move(TimeSpan.FromSeconds(6));
        // Without any patience: what waits at all has no answer.
        var answer = await _verifier.VerifyAsync(_waf.Token(), isRecheck: false, new CancellationToken(canceled: true));
        _waf.Gate.SetResult();
        Assert.IsType<EdgeAnswer.Verified>(answer);
    }

    [Fact]
    public async Task A_recheck_and_a_token_that_says_nothing_itself_are_introspected()
    {
        _verifier = Verifier(new AuthorizationServer
        {
            Issuer = WafStub.Issuer, Keys = _waf.Keys, Introspection = _waf.Introspection, ClientId = "edge", ClientSecret = "a:b",
        });
        var token = _waf.Token();
        Assert.IsType<EdgeAnswer.Verified>(await Verify(token));
        Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Invalid), await Verify(token, isRecheck: true));
        Assert.Equal(($"Basic {Convert.ToBase64String("edge:a%3Ab"u8)}", token), _waf.Asked);

        var exp = _clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        _waf.Said = $$"""
            {"active":true,"iss":"{{WafStub.Issuer}}","aud":["x","{{WafStub.Audience}}"],"sub":"a@b","ims_impu":"sip:a@b","scenario":"3",
             "jti":"9","exp":{{exp}},"scope":"ims.register"}
            """;
        var claims = Assert.IsType<EdgeAnswer.Verified>(await Verify("opaque-token")).Claims;
        Assert.Equal((Scenario.Pool, "9", exp), (claims.Scenario, claims.Id, claims.Expires));

        _waf.Said = "not JSON";
        Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Unavailable), await Verify("opaque-token"));
        _waf.IsWell = false;
        Assert.Equal(new EdgeAnswer.NotVerified(TokenFault.Unavailable), await Verify("opaque-token"));
    }

    [Fact]
    public void A_WAF_beyond_this_machine_is_reached_by_https_only()
    {
        Assert.Throws<ArgumentException>(() => Verifier(new AuthorizationServer { Issuer = "x", Keys = new("http://waf.example/keys") }));
        Assert.Throws<ArgumentException>(() => Verifier(new AuthorizationServer { Issuer = "x" }));
    }

    /// <summary>Stands still between two moves, however long a loaded machine takes.</summary>
    sealed class MovableClock : TimeProvider
    {
        readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
        TimeSpan _ahead;

        public void Move(TimeSpan span) => _ahead += span;

        public override DateTimeOffset GetUtcNow() => _start + _ahead;

        public override long GetTimestamp() => (long)(_ahead.TotalSeconds * TimestampFrequency);
    }
}
