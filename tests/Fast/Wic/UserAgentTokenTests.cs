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
