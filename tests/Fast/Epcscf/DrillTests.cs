using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>Attacks on the way from a WIC to a credential, each as one sentence.</summary>
public class DrillTests
{
    const string Ask = "Turn-Credential-Request";
    const string Give = "Turn-Credential";

    readonly Home _home = TokenStand.Open();

    SipMessage ToCore => _home.Mw.Last(one => one.ToCore).Message;

    [Fact]
    public void Drill_2_a_credential_asked_for_before_the_200_or_on_a_flow_that_is_not_authenticated_is_not_given()
    {
        var mallory = new Browser(_home, 1, "alice");
        mallory.Send(mallory.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Assert.Equal((403, false), Told(mallory.Answered()));
        mallory.Send(mallory.Registering(600, (Ask, "password")));
        Assert.Equal((401, false), Told(mallory.Answered()));
        mallory.Send(mallory.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Assert.Equal((403, false), Told(mallory.Answered()));

        var forger = TokenStand.Wic(_home, 2, "alice", "forged");
        Assert.Equal((401, false), Told(forger.RegisterAsking()));
        forger.Send(forger.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        Assert.Equal((403, false), Told(forger.Answered()));
    }

    [Theory]
    [InlineData("token-a")]
    [InlineData(null)]
    public void Drill_3_auth_done_from_W2_is_never_believed(string? token)
    {
        var mallory = new Browser(_home, 1, "alice") { Token = token };
        var register = mallory.Registering();
        register.Add(HeaderName.Authorization,
            $"Digest username=\"bob@{Home.Domain}\",realm=\"{Home.Domain}\",uri=\"sip:{Home.Domain}\",nonce=\"\",response=\"\","
            + "integrity-protected=\"auth-done\",authorization-entity=\"waf\"");
        mallory.Send(register);
        var said = Assert.Single(ToCore.GetAll(HeaderName.Authorization));
        Assert.True(DigestCredentials.TryParse(said, out var credentials));
        // With a token the whole line is the edge's own; without one it is marked as a digest whose challenge runs.
        Assert.Equal(token is null ? "tls-pending" : "auth-done", credentials.Parameters["integrity-protected"]);
        Assert.Equal(token is null ? $"bob@{Home.Domain}" : $"alice@{Home.Domain}", credentials.Username);
        Assert.Equal(token is null ? 401 : 200, mallory.Answered().Status);
    }

    [Fact]
    public void Drill_4_a_credential_that_the_core_slips_in_does_not_reach_the_WIC()
    {
        _home.CoreAnswers = false;
        var alice = TokenStand.Wic(_home, 1, "alice", "token-a");
        alice.Send(alice.Registering());
        var answer = SipMessage.Response(ToCore, 200, toTag: "x");
        answer.Add(HeaderName.Contact, alice.Registering().Get(HeaderName.Contact)!);
        answer.Add(Give, "password;username=\"evil\"");
        _home.FromCore(answer);
        Assert.Equal((200, false), Told(alice.Answered()));
    }

    [Theory]
    [InlineData("web9", "shop.example", Scenario.Pool, 200)]
    [InlineData("alice", "shop.example", Scenario.Pool, 403)]
    [InlineData("alice", "shop.example", Scenario.Web, 403)]
    [InlineData("web9", "blog.example", Scenario.Pool, 403)]
    public void Drill_17_a_token_for_an_identity_outside_of_the_block_of_its_WWSF_registers_nobody(
        string name, string server, Scenario scenario, int status)
    {
        _home.Subscribe("web9", DigestAlgorithm.Md5);
        _home.Tokens["x"] = TokenStand.Lease(_home, name) with { WebServer = server, Scenario = scenario };
        Assert.Equal(status, TokenStand.Wic(_home, 1, name, "x").Register().Status);
    }

    [Theory]
    [InlineData("https://evil.example", null, 403)]
    [InlineData(TokenStand.OtherWaf, "unknown.example", 403)]
    [InlineData(TokenStand.OtherWaf, null, 403)]
    [InlineData(TokenStand.Waf, "unknown.example", 403)]
    [InlineData(TokenStand.Waf, null, 200)]
    [InlineData(TokenStand.OtherWaf, "blog.example", 200)]
    public void Drill_18_a_WAF_or_WWSF_that_is_not_allowed_registers_nobody(string waf, string? server, int status)
    {
        _home.Tokens["x"] = TokenStand.Claims(_home, "alice") with { Issuer = waf, WebServer = server };
        Assert.Equal(status, TokenStand.Wic(_home, 1, "alice", "x").Register().Status);
        Assert.Equal(status == 200, _home.Mw.Count > 0);
    }

    [Fact]
    public void Of_two_REGISTERs_of_one_pool_identity_that_are_under_way_at_once_the_second_is_refused()
    {
        var first = TokenStand.Wic(_home, 1, "web1", "token-web1");
        var second = TokenStand.Wic(_home, 2, "web1", "token-web1");
        _home.CoreAnswers = false;
        first.Send(first.Registering());
        var sent = _home.Mw.Last(one => one.ToCore).Message;
        second.Send(second.Registering());
        var refused = second.Answered();
        Assert.Equal((403, "This identity is in use"), (refused.Status, refused.Reason));
        Assert.Empty(first.Take());
        // Of another identity, or of the same device by a new WebSocket, it goes on.
        var other = TokenStand.Wic(_home, 3, "web2", "token-web2");
        other.Send(other.Registering());
        var again = TokenStand.Wic(_home, 4, "web1", "token-web1");
        again.Instance = first.Instance;
        again.Send(again.Registering());
        Assert.Empty(other.Take().Concat(again.Take()));
        _home.CoreAnswers = true;
        _home.ToCore(sent);
        Assert.Equal(200, first.Answered().Status);
        second.Send(second.Registering());
        Assert.Equal(403, second.Answered().Status);
    }

    [Fact]
    public void A_pool_identity_is_free_again_when_the_core_has_refused_or_was_silent_to_the_end()
    {
        var first = TokenStand.Wic(_home, 1, "web1", "token-web1");
        var second = TokenStand.Wic(_home, 2, "web1", "token-web1");
        _home.CoreAnswers = false;
        first.Send(first.Registering());
        _home.Pass(TimeSpan.FromSeconds(33));
        Assert.Equal(504, first.Answered().Status);
        _home.CoreAnswers = true;
        Assert.Equal(200, second.Register().Status);
    }

    [Fact]
    public void Drill_19_of_two_WICs_with_the_same_leased_identity_the_second_is_refused_while_the_first_is_there()
    {
        var first = TokenStand.Wic(_home, 1, "web1", "token-web1");
        var second = TokenStand.Wic(_home, 2, "web1", "token-web1");
        Assert.Equal((200, true), Told(first.RegisterAsking()));
        Assert.Equal((403, false), Told(second.RegisterAsking()));
        var star = second.Registering();
        star.Set(HeaderName.Contact, "*");
        star.Set(HeaderName.Expires, "0");
        second.Send(star);
        Assert.Equal((403, false), Told(second.Answered()));
        Assert.Equal((200, true), Told(first.RegisterAsking()));
        _home.Close(first.Flow);
        Assert.Equal((200, true), Told(second.RegisterAsking()));
    }

    static (int Status, bool HasCredential) Told(SipMessage message) => (message.Status, message.Has(Give));
}
