using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

/// <summary>A user agent that has an access token in place of a password (RFC 8898).</summary>
public sealed class UserAgentTokenTests
{
    const string Token = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";
    const string Bearer = "Bearer " + Token;

    [Fact]
    public void The_token_goes_with_every_request_but_ACK_and_CANCEL()
    {
        var edge = new UserAgentScript(token: Token);
        edge.Agent.Register(edge.Now);
        var register = edge.Sent();
        Assert.Equal([Bearer], register.GetAll(HeaderName.Authorization));
        edge.Grant(register);
        edge.Agent.Renew(edge.Now);
        Assert.Equal(Bearer, edge.Sent().Get(HeaderName.Authorization));
        edge.Agent.Send(edge.Now, SipUri.Parse("sip:bob@ims.example.net"), "hello");
        Assert.Equal(Bearer, edge.Sent().Get(HeaderName.Authorization));

        var call = edge.Agent.Invite(edge.Now, SipUri.Parse("sip:bob@ims.example.net"), "offer"u8.ToArray());
        var invite = edge.Sent();
        Assert.Equal(Bearer, invite.Get(HeaderName.Authorization));
        edge.Answer(invite, 200, m => m.Add(HeaderName.Contact, "<sip:bob@bob.invalid>"));
        var ack = edge.Sent();
        Assert.Equal((SipMethod.Ack, false), (ack.Method, ack.Has(HeaderName.Authorization)));
        edge.Agent.HangUp(edge.Now, call);
        var bye = edge.Sent();
        Assert.Equal((SipMethod.Bye, Bearer), (bye.Method, bye.Get(HeaderName.Authorization)));

        call = edge.Agent.Invite(edge.Now, SipUri.Parse("sip:bob@ims.example.net"), "offer"u8.ToArray());
        edge.Answer(edge.Sent(), 180);
        edge.Agent.HangUp(edge.Now, call);
        var cancel = edge.Sent();
        Assert.Equal((SipMethod.Cancel, false), (cancel.Method, cancel.Has(HeaderName.Authorization)));
    }

    [Fact]
    public void A_token_that_is_refused_is_not_sent_again_and_no_password_is_made_up()
    {
        var edge = new UserAgentScript(token: Token);
        edge.Agent.Register(edge.Now);
        edge.Challenge(edge.Sent());
        Assert.Equal(401, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.Equal(0, edge.Unread);
    }

    const string BearerChallenge =
        "Bearer realm=\"ims.example.net\", authz_server=\"https://waf.example.net/\", error=\"invalid_token\"";

    [Fact]
    public void Where_another_can_be_had_a_challenge_is_told_of_once_and_met_with_it()
    {
        var edge = new UserAgentScript(token: Token, renews: true);
        edge.Agent.Register(edge.Now);
        edge.Challenge(edge.Sent(), BearerChallenge);
        var told = Assert.IsType<UserAgentEffect.Challenged>(edge.Effect()).Challenge;
        Assert.Equal(("https://waf.example.net/", "invalid_token"), (told.AuthorizationServer, told.Error));
        edge.Agent.UseToken(edge.Now, "second");
        var register = edge.Sent();
        Assert.Equal(["Bearer second"], register.GetAll(HeaderName.Authorization));
        edge.Challenge(register, BearerChallenge);
        Assert.Equal(401, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);

        // A registration makes room for the next time.
        edge.Agent.UseToken(edge.Now, "third");
        edge.Grant(edge.Sent());
        Assert.Contains(edge.Effects(), effect => effect is UserAgentEffect.Registered);
        edge.Agent.UseToken(edge.Now, "fourth");
        edge.Challenge(edge.Sent(), BearerChallenge);
        Assert.IsType<UserAgentEffect.Challenged>(edge.Effect());
    }

    [Fact]
    public void A_token_that_comes_while_a_REGISTER_is_on_its_way_waits_for_the_answer()
    {
        var edge = new UserAgentScript(token: Token, renews: true);
        edge.Agent.Register(edge.Now);
        var first = edge.Sent();
        edge.Agent.UseToken(edge.Now, "second");
        Assert.Equal(0, edge.Unread);
        edge.Grant(first);
        var second = edge.Sent();
        Assert.Equal("Bearer second", second.Get(HeaderName.Authorization));

        // Also when the first is refused meanwhile: the second is newer than the refusal.
        edge.Agent.UseToken(edge.Now, "third");
        edge.Challenge(second, BearerChallenge);
        Assert.Equal("Bearer third", edge.Sent().Get(HeaderName.Authorization));
    }

    [Fact]
    public void Settings_never_show_what_they_hold()
    {
        var settings = new UserAgentSettings
        {
            Identity = SipUri.Parse("sip:alice@ims.example.net"),
            PrivateIdentity = "alice",
            Password = "wonderland",
            Token = Token,
        };
        Assert.DoesNotContain("wonderland", settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, settings.ToString(), StringComparison.Ordinal);
    }
}
