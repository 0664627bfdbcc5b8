using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>Scenario 2: web authentication of an individual identity.</summary>
public class TokenTests
{
    readonly Home _home = TokenStand.Open();
    readonly Browser _alice;

    public TokenTests() => _alice = TokenStand.Wic(_home, 1, "alice", "token-a");

    SipMessage ToCore => _home.Mw.Last(one => one.ToCore).Message;

    [Fact]
    public void A_token_registers_without_a_challenge()
    {
        Assert.Equal(200, _alice.Register().Status);
        var credentials = DigestCredentials.Of(ToCore)!;
        Assert.Equal(
            $"Digest username=\"alice@{Home.Domain}\", realm=\"{Home.Domain}\", nonce=\"\", uri=\"sip:{Home.Domain}\", response=\"\", "
            + "integrity-protected=\"auth-done\"",
            credentials.ToHeaderText());
        Assert.Equal([EdgeEvent.Registered], _home.Audits.Select(audit => audit.Event));
    }

    [Fact]
    public void The_form_of_TS_24_371_is_read_as_well()
    {
        _alice.Send(_alice.Registering(600, ("Authorization", "Bearer access_token=\"token-a\"")));
        Assert.Equal(200, _alice.Answered().Status);
    }

    [Fact]
    public void A_third_partys_WAF_is_named_to_the_core()
    {
        TokenStand.Wic(_home, 2, "web1", "token-web1").Register();
        Assert.Equal("login.shop.example", DigestCredentials.Of(ToCore)!.Parameters["authorization-entity"]);
    }

    [Fact]
    public void No_token_ever_crosses_Mw()
    {
        var bob = TokenStand.Wic(_home, 2, "bob", "token-b");
        Assert.Equal((200, 200), (_alice.Register().Status, bob.Register().Status));
        _alice.Send(_alice.Request(SipMethod.Message, bob.Identity));
        bob.Respond(bob.Called(), 200);
        Assert.Equal(200, _alice.Answered().Status);
        Assert.All(_home.Mw, one => Assert.False(BearerCredentials.IsIn(one.Message)));
    }

    [Fact]
    public void A_run_that_asks_does_nothing_else()
    {
        _home.OutsideAnswers = false;
        _alice.Send(_alice.Registering());
        var ask = Assert.Single(_home.Asked);
        Assert.Equal(new EdgeQuestion.VerifyToken("token-a"), ask.Question);
        Assert.Equal(TimeSpan.FromSeconds(5), ask.Deadline - _home.Now);
        Assert.Empty(_home.Mw);
        Assert.Empty(_home.Audits);
        _home.Answer(ask, new EdgeAnswer.Verified(_home.Tokens["token-a"]));
        Assert.Equal(200, _alice.Answered().Status);
        _home.Answer(ask, new EdgeAnswer.NotVerified(TokenFault.Invalid));
        Assert.Empty(_alice.Take());
    }

    [Fact]
    public void A_question_does_not_show_its_token()
    {
        _alice.Register();
        Assert.DoesNotContain("token-a", _home.Asked[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_with_a_token_of_another_WAF_is_403_though_it_names_the_same_user()
    {
        _alice.Register();
        _home.Tokens["token-c"] = _home.Tokens["token-a"] with { Issuer = TokenStand.OtherWaf, WebServer = "blog.example" };
        _alice.Token = "token-c";
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(403, _alice.Answered().Status);
    }

    [Fact]
    public void A_token_that_was_found_good_is_not_asked_about_again()
    {
        _alice.Register();
        _alice.Send(_alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(200, _alice.Answered().Status);
        Assert.Equal(200, _alice.Register().Status);
        Assert.Single(_home.Asked);
    }

    [Theory]
    [InlineData(TokenFault.Invalid)]
    [InlineData(TokenFault.Expired)]
    public void A_token_that_is_not_good_is_401_with_the_place_to_get_one(TokenFault fault)
    {
        _home.OtherTokens = fault;
        _alice.Token = "forged";
        var refused = _alice.Register();
        Assert.Equal(401, refused.Status);
        Assert.Equal(
            $"Bearer realm=\"{Home.Domain}\", scope=\"ims.register\", authz_server=\"{TokenStand.Waf}\", error=\"invalid_token\"",
            refused.Get(HeaderName.WwwAuthenticate));
        Assert.Empty(_home.Mw);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer \"token-a\"")]
    [InlineData("Bearer token a")]
    [InlineData("Bearer access_token=\"\"")]
    [InlineData("Bearer realm=\"x\"")]
    public void What_is_no_token_is_401_and_nobody_is_asked(string authorization)
    {
        _alice.Send(_alice.Registering(600, ("Authorization", authorization)));
        Assert.Equal(401, _alice.Answered().Status);
        Assert.Empty(_home.Asked);
    }

    [Fact]
    public void Two_tokens_are_none()
    {
        _alice.Send(_alice.Registering(600, ("Authorization", "Bearer token-a"), ("Authorization", "Bearer token-b")));
        Assert.Equal(401, _alice.Answered().Status);
    }

    [Fact]
    public void Where_nobody_can_tell_the_WIC_is_told_to_come_back()
    {
        _home.OtherTokens = TokenFault.Unavailable;
        _alice.Token = "unknown";
        var busy = _alice.Register();
        Assert.Equal((503, "5"), (busy.Status, busy.Get(HeaderName.RetryAfter)));
    }

    [Fact]
    public void Silence_is_an_answer_that_the_machine_makes_at_the_deadline()
    {
        _home.OutsideAnswers = false;
        _alice.Send(_alice.Registering());
        _home.Pass(TimeSpan.FromSeconds(4.9));
        Assert.All(_alice.Take(), message => Assert.Equal(100, message.Status));
        _home.Pass(TimeSpan.FromSeconds(0.1));
        var busy = _alice.Answered();
        Assert.Equal((503, "5"), (busy.Status, busy.Get(HeaderName.RetryAfter)));
    }

    [Fact]
    public void One_question_more_than_there_may_be_is_503()
    {
        var home = TokenStand.Open(TokenStand.Settings with { Questions = 1 });
        home.OutsideAnswers = false;
        var alice = TokenStand.Wic(home, 1, "alice", "token-a");
        var bob = TokenStand.Wic(home, 2, "bob", "token-b");
        alice.Send(alice.Registering());
        bob.Send(bob.Registering());
        Assert.Equal(503, bob.Answered().Status);
        home.Answer(home.Asked[0], new EdgeAnswer.Verified(home.Tokens["token-a"]));
        Assert.Equal(200, alice.Answered().Status);
    }

    [Fact]
    public void Who_left_while_his_token_was_looked_at_leaves_nothing()
    {
        _home.OutsideAnswers = false;
        _alice.Send(_alice.Registering());
        _home.Close(_alice.Flow);
        _home.Answer(_home.Asked[0], new EdgeAnswer.Verified(_home.Tokens["token-a"]));
        Assert.Empty(_home.Mw);
        Assert.Null(_home.Edge.NextDeadline);
    }

    [Fact]
    public void Each_request_shows_a_token_but_ACK_and_CANCEL()
    {
        var bob = TokenStand.Wic(_home, 2, "bob", "token-b");
        Assert.Equal((200, 200), (_alice.Register().Status, bob.Register().Status));
        _alice.Send(_alice.Request(SipMethod.Invite, bob.Identity));
        bob.Respond(bob.Called(), 200);
        var answered = _alice.Answered();
        _alice.Send(_alice.Within(SipMethod.Ack, answered));
        Assert.Equal(SipMethod.Ack, bob.Called().Method);

        _alice.Token = null;
        _alice.Send(_alice.Within(SipMethod.Bye, answered));
        Assert.Equal(401, _alice.Answered().Status);
        _alice.Send(_alice.Request(SipMethod.Message, bob.Identity));
        var refused = _alice.Answered();
        Assert.Equal((401, TokenStand.Waf), (refused.Status, BearerChallenge.Of(refused)!.AuthorizationServer));
        Assert.Empty(bob.Take());
    }

    [Theory]
    [InlineData("token-b", 403)]
    [InlineData("forged", 401)]
    public void A_request_with_the_token_of_somebody_else_is_refused(string token, int status)
    {
        _alice.Register();
        _alice.Token = token;
        _alice.Send(_alice.Request(SipMethod.Message, $"sip:bob@{Home.Domain}"));
        Assert.Equal(status, _alice.Answered().Status);
    }

    [Fact]
    public void A_token_of_another_identity_registers_nobody()
    {
        _alice.Token = "token-b";
        Assert.Equal(403, _alice.Register().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void A_token_without_the_scope_is_401()
    {
        _home.Tokens["token-a"] = _home.Tokens["token-a"] with { Scopes = ["turn"] };
        Assert.Equal("invalid_scope", BearerChallenge.Of(_alice.Register())!.Error);
    }

    [Fact]
    public void The_first_REGISTER_fixes_the_scenario_of_a_flow()
    {
        _alice.Register();
        _alice.Token = null;
        _alice.Send(_alice.Registering());
        Assert.NotNull(BearerChallenge.Of(_alice.Answered()));

        var bob = new Browser(_home, 2, "bob");
        Assert.Equal(200, bob.Register().Status);
        bob.Send(bob.Registering(600, ("Authorization", "Bearer token-b")));
        Assert.NotNull(DigestChallenge.Choose(bob.Answered()));
    }

    [Fact]
    public void The_core_binds_for_no_longer_than_the_token_counts()
    {
        _home.Tokens["token-a"] = TokenStand.Claims(_home, "alice", seconds: 120);
        var confirmed = _alice.Register(600, ("Expires", "600"));
        Assert.Equal(120u, confirmed.Contacts[0].Expires);
        Assert.Equal(120u, ToCore.Expires);
    }

    [Fact]
    public void A_registration_ends_with_its_token_and_the_core_is_told()
    {
        _home.CoreAnswers = false;
        _home.Tokens["token-a"] = TokenStand.Claims(_home, "alice", seconds: 120);
        _alice.Send(_alice.Registering());
        // A core that binds for longer than it was asked to.
        var answer = SipMessage.Response(ToCore, 200, toTag: "x");
        answer.Add(HeaderName.Contact, _alice.Registering(600).Get(HeaderName.Contact)!);
        _home.FromCore(answer);
        Assert.Equal(200, _alice.Answered().Status);
        _home.Pass(TimeSpan.FromSeconds(119));
        Assert.Empty(_home.Closed);
        _home.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal([_alice.Flow], _home.Closed);
        Assert.Equal(0u, ToCore.Contacts[0].Expires);
        Assert.Equal("auth-done", DigestCredentials.Of(ToCore)!.Parameters["integrity-protected"]);
    }

    [Fact]
    public void A_fresh_token_carries_the_registration_on()
    {
        _home.Tokens["token-a"] = TokenStand.Claims(_home, "alice", seconds: 120);
        _alice.Register();
        _home.Pass(TimeSpan.FromSeconds(60));
        _home.Tokens["token-c"] = TokenStand.Claims(_home, "alice", seconds: 600);
        _alice.Token = "token-c";
        Assert.Equal(600u, _alice.Register().Contacts[0].Expires);
        _home.Pass(TimeSpan.FromSeconds(300));
        Assert.Empty(_home.Closed);
    }

    [Fact]
    public void An_expired_token_is_401_though_it_was_found_good_before()
    {
        _alice.Register();
        _home.SetWall(TimeSpan.FromHours(2));
        _alice.Send(_alice.Request(SipMethod.Message, $"sip:bob@{Home.Domain}"));
        Assert.Equal(401, _alice.Answered().Status);
    }

    [Fact]
    public void A_revoked_token_ends_its_registration_within_the_interval_of_the_rechecks()
    {
        var settings = TokenStand.Settings;
        var home = TokenStand.Open(settings with { Tokens = settings.Tokens! with { Recheck = TimeSpan.FromSeconds(30) } });
        var alice = TokenStand.Wic(home, 1, "alice", "token-a");
        alice.Register();
        home.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(new EdgeQuestion.VerifyToken("token-a", IsRecheck: true), home.Asked[^1].Question);
        Assert.Empty(home.Closed);

        home.OtherTokens = TokenFault.Unavailable;
        home.Tokens.Remove("token-a");
        home.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(home.Closed);

        home.OtherTokens = TokenFault.Invalid;
        home.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal([alice.Flow], home.Closed);
        Assert.Contains(home.Audits, audit => audit.Event is EdgeEvent.Revoked);
        Assert.Equal(0u, home.Mw.Last(one => one.ToCore).Message.Contacts[0].Expires);
    }

    [Fact]
    public void Who_refreshes_often_does_not_put_off_the_next_look_at_a_revoked_token()
    {
        var settings = TokenStand.Settings;
        var home = TokenStand.Open(settings with { Tokens = settings.Tokens! with { Recheck = TimeSpan.FromSeconds(30) } });
        var alice = TokenStand.Wic(home, 1, "alice", "token-a");
        alice.Register();
        home.Tokens.Remove("token-a");
        for (var i = 0; i < 3; i++)
        {
            home.Pass(TimeSpan.FromSeconds(8));
            Assert.Equal(200, alice.Register().Status);
        }

        home.Pass(TimeSpan.FromSeconds(8));
        Assert.Equal([alice.Flow], home.Closed);
    }

    [Fact]
    public void The_notice_of_a_WAF_ends_what_was_registered_with_the_token()
    {
        _alice.Register();
        Assert.False(_home.Order(new EdgeOrder.Revoke(TokenStand.OtherWaf, "jti-alice")));
        Assert.True(_home.Order(new EdgeOrder.Revoke(TokenStand.Waf, "jti-alice")));
        Assert.Equal([_alice.Flow], _home.Closed);
        Assert.Empty(_home.Edge.Registrations());
    }

    [Fact]
    public void A_core_that_does_not_trust_this_edge_is_no_challenge_to_the_WIC()
    {
        _home.CoreAnswers = false;
        _alice.Send(_alice.Registering());
        _home.FromCore(SipMessage.Response(ToCore, 401, toTag: "x"));
        Assert.Equal(403, _alice.Answered().Status);
    }

}
