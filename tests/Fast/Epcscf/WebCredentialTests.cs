using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>A credential that is asked for by HTTP, with a token that was found good.</summary>
public class WebCredentialTests
{
    readonly Home _home = TokenStand.Open();

    [Fact]
    public void A_registered_user_gets_the_credential_of_his_registration()
    {
        TokenStand.Wic(_home, 1, "alice", "token-a").Register(expires: 600);
        _home.ToWeb(_home.Tokens["token-a"]);
        var given = Given();
        Assert.Equal((Assert.Single(_home.Edge.Registrations()).Id, 660), (given.Username.Split(':')[1], given.Ttl));
    }

    [Fact]
    public void A_token_of_another_WAF_gets_nothing_of_a_registration_that_the_core_allowed_by_the_first()
    {
        TokenStand.Wic(_home, 1, "alice", "token-a").Register(expires: 600);
        _home.ToWeb(_home.Tokens["token-a"] with { Issuer = TokenStand.OtherWaf, WebServer = "blog.example" });
        Assert.NotEqual(Assert.Single(_home.Edge.Registrations()).Id, Given().Username.Split(':')[1]);
    }

    [Fact]
    public void Without_a_registration_the_token_is_its_own_subject_and_bounds_the_credential()
    {
        var claims = TokenStand.Claims(_home, "alice", seconds: 300);
        _home.ToWeb(claims);
        var first = Given();
        Assert.Equal(300, first.Ttl);
        _home.Pass(TimeSpan.FromSeconds(100));
        _home.ToWeb(claims);
        Assert.Equal(first.Username.Split(':')[1], Given().Username.Split(':')[1]);
        Assert.Equal(200, Given().Ttl);
        _home.ToWeb(claims with { Id = "another" });
        Assert.NotEqual(first.Username.Split(':')[1], Given().Username.Split(':')[1]);
    }

    [Fact]
    public void An_edge_that_began_anew_under_its_old_keys_uses_no_nonce_of_before()
    {
        var first = Nonces(seed: 1);
        Assert.Empty(first.Intersect(Nonces(seed: 2)));

        static string[] Nonces(ulong seed)
        {
            const string server = "turn1.example.net";
            using var tokens = new OAuthProvisioning(
                new([new(server, Home.Domain, Home.Uri($"turn:{server}"))]),
                new Dictionary<string, TokenKey> { [server] = new("edge-1", TokenAlgorithm.A256Gcm, Home.Key.Span) },
                new SeededRandom(seed));
            var home = new Home(TokenStand.Settings, provisioning: tokens, seed: seed);
            for (var i = 0; i < 3; i++) home.ToWeb(TokenStand.Claims(home, "alice"), "oauth");
            return [.. home.Web.Select(answer => Convert.ToHexString(((OAuthCredential)answer.Credential!).AccessToken.Span[2..14]))];
        }
    }

    [Fact]
    public void The_credential_does_not_outlive_the_token_by_a_registration()
    {
        _home.Tokens["token-a"] = TokenStand.Claims(_home, "alice", seconds: 300);
        TokenStand.Wic(_home, 1, "alice", "token-a").Register(expires: 600);
        _home.ToWeb(_home.Tokens["token-a"]);
        Assert.Equal(300, Given().Ttl);
    }

    [Fact]
    public void A_token_that_would_register_nobody_gets_nothing()
    {
        _home.ToWeb(_home.Tokens["token-a"] with { Issuer = "https://evil.example" });
        Assert.Equal((403, null), (_home.Web[^1].Status, _home.Web[^1].Credential));
        _home.ToWeb(_home.Tokens["token-a"] with { Expires = _home.Now.UnixSeconds });
        Assert.Equal((401, null), (_home.Web[^1].Status, _home.Web[^1].Credential));
        _home.ToWeb(_home.Tokens["token-a"] with { Identities = [] });
        Assert.Equal((403, null), (_home.Web[^1].Status, _home.Web[^1].Credential));
    }

    [Fact]
    public void An_edge_that_takes_no_tokens_gives_nothing()
    {
        var home = new Home();
        home.ToWeb(TokenStand.Claims(home, "alice"));
        Assert.Equal(403, home.Web[^1].Status);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 503)]
    public void A_pushed_credential_is_given_after_it_was_acknowledged(bool acknowledges, int status)
    {
        var sites = new TurnSites([new("turn1", Home.Domain, Home.Uri("turn:turn1.example.net"))]);
        var home = TokenStand.Open(provisioning: new PushProvisioning(sites, new SeededRandom(1)));
        home.Acknowledging = acknowledges ? ["turn1"] : [];
        home.ToWeb(home.Tokens["token-a"]);
        Assert.Equal(status, Assert.Single(home.Web).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_registration_that_ends_while_its_credential_is_told_leaves_no_name_with_the_password_of_another(bool isPull)
    {
        var sites = new TurnSites([new("turn1", Home.Domain, Home.Uri("turn:turn1.example.net"))]);
        var home = TokenStand.Open(provisioning: isPull
            ? new PullProvisioning(sites, new SeededRandom(1))
            : new PushProvisioning(sites, new SeededRandom(1)));
        home.Acknowledging = ["turn1"];
        TokenStand.Wic(home, 1, "alice", "token-a").Register(expires: 600);
        home.OutsideAnswers = false;
        home.ToWeb(home.Tokens["token-a"]);
        var asked = home.Asked[^1];
        home.Close(new(1));
        home.Answer(asked, isPull ? new EdgeAnswer.Kept(HasRoom: true) : new EdgeAnswer.Pushed(["turn1"]));
        Assert.Equal((503, null), (home.Web[^1].Status, home.Web[^1].Credential));
    }

    PasswordCredential Given()
    {
        Assert.Equal(200, _home.Web[^1].Status);
        return Assert.IsType<PasswordCredential>(_home.Web[^1].Credential);
    }
}
