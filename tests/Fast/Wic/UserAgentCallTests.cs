using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

public sealed class UserAgentCallTests
{
    static readonly SipUri Bob = SipUri.Parse("sip:bob@ims.example.net");

    [Fact]
    public void A_call_is_answered_acknowledged_along_the_route_and_ended_by_BYE()
    {
        var edge = UserAgentScript.Registered();
        var call = edge.Agent.Invite(edge.Now, Bob, "offer"u8.ToArray());
        var invite = edge.Sent();
        Assert.Equal("offer", UserAgentScript.Text(invite.Body));
        Assert.Equal("<sip:core.example.net;lr>", invite.TopRoute!.ToString());
        Assert.Equal("<sip:alice@ims.example.net>", invite.Get(HeaderName.PPreferredIdentity));
        edge.Answer(invite, 180);
        Assert.Equal(call, Assert.IsType<UserAgentEffect.Ringing>(edge.Effect()).Call);
        Accept(edge, invite);
        var ack = edge.Sent();
        Assert.Equal((SipMethod.Ack, "sip:bob@bob.invalid;transport=ws"), (ack.Method, ack.RequestUriText));
        // §12.1.2: in reverse order.
        Assert.Equal(["<sip:one.example.net;lr>", "<sip:two.example.net;lr>"], ack.Routes.Select(r => r.ToString()));
        Assert.Equal(invite.CSeq!.Value.Number, ack.CSeq!.Value.Number);
        Assert.Equal("answer", UserAgentScript.Text(Assert.IsType<UserAgentEffect.Answered>(edge.Effect()).Answer));
        edge.Agent.HangUp(edge.Now, call);
        Assert.Equal(200, Assert.IsType<UserAgentEffect.Ended>(edge.Effect()).Status);
        var bye = edge.Sent();
        Assert.Equal((SipMethod.Bye, invite.CSeq.Value.Number + 1), (bye.Method, bye.CSeq!.Value.Number));
        Assert.Equal(("theirs", invite.From!.Tag), (bye.To!.Tag, bye.From!.Tag));
        Assert.Equal(0, edge.Agent.Calls);
    }

    [Fact]
    public void A_2xx_that_comes_again_is_acknowledged_again_and_a_fork_gets_a_BYE()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Invite(edge.Now, Bob, default);
        var invite = edge.Sent();
        Accept(edge, invite);
        edge.Sent();
        Accept(edge, invite);
        Assert.Equal(SipMethod.Ack, edge.Sent().Method);
        Assert.Equal(0, edge.Unread);
        Accept(edge, invite, "another");
        Assert.Equal("another", edge.Sent().To!.Tag);
        var bye = edge.Sent();
        Assert.Equal((SipMethod.Bye, "another"), (bye.Method, bye.To!.Tag));
        Assert.Equal(1, edge.Agent.Calls);
    }

    [Fact]
    public void A_call_is_cancelled_when_the_other_side_has_been_heard_of()
    {
        var edge = UserAgentScript.Registered();
        var call = edge.Agent.Invite(edge.Now, Bob, default);
        var invite = edge.Sent();
        edge.Agent.HangUp(edge.Now, call);
        Assert.Equal(0, edge.Unread);
        edge.Answer(invite, 180);
        var cancel = edge.Sent();
        Assert.Equal((SipMethod.Cancel, invite.TopVia!.Branch), (cancel.Method, cancel.TopVia!.Branch));
        edge.Answer(cancel, 200);
        edge.Answer(invite, 487);
        Assert.Equal(SipMethod.Ack, edge.Sent().Method);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 487 });
        Assert.Equal(0, edge.Agent.Calls);
    }

    [Fact]
    public void An_answer_that_crosses_the_CANCEL_is_acknowledged_and_ended()
    {
        var edge = UserAgentScript.Registered();
        var call = edge.Agent.Invite(edge.Now, Bob, default);
        var invite = edge.Sent();
        edge.Answer(invite, 180);
        edge.Agent.HangUp(edge.Now, call);
        Assert.Equal(SipMethod.Cancel, edge.Sent().Method);
        Accept(edge, invite);
        Assert.Equal(SipMethod.Ack, edge.Sent().Method);
        Assert.Equal(SipMethod.Bye, edge.Sent().Method);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 487 });
    }

    [Fact]
    public void A_refusal_ends_the_call_and_so_does_silence_or_the_loss_of_the_WebSocket()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Invite(edge.Now, Bob, default);
        edge.Answer(edge.Sent(), 486);
        Assert.Equal(SipMethod.Ack, edge.Sent().Method);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 486 });
        edge.Agent.Invite(edge.Now, Bob, default);
        edge.Sent();
        edge.Wait(32);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 408 });
        edge.Agent.Invite(edge.Now, Bob, default);
        edge.Agent.OnFlowClosed(edge.Now);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 503 });
        edge.Agent.Invite(edge.Now, Bob, default);
        Assert.Equal(503, Assert.IsType<UserAgentEffect.Ended>(edge.Effect()).Status);
    }

    [Fact]
    public void A_call_that_is_answered_outlives_the_WebSocket()
    {
        var edge = UserAgentScript.Registered();
        var call = edge.Agent.Invite(edge.Now, Bob, default);
        Accept(edge, edge.Sent());
        Assert.Equal(SipMethod.Ack, edge.Sent().Method);
        edge.Agent.OnFlowClosed(edge.Now);
        Assert.DoesNotContain(edge.Effects(), e => e is UserAgentEffect.Ended);
        edge.Agent.OnFlowOpened(edge.Now);
        Assert.Equal(SipMethod.Register, edge.Sent().Method);
        edge.Agent.HangUp(edge.Now, call);
        Assert.Equal(SipMethod.Bye, edge.Sent().Method);
    }

    [Fact]
    public void A_call_to_us_rings_is_answered_and_stands_with_its_ACK()
    {
        var edge = UserAgentScript.Registered();
        edge.Receive(edge.FromBob(SipMethod.Invite));
        var ringing = edge.Sent();
        Assert.Equal(180, ringing.Status);
        Assert.Equal(2, ringing.RecordRoutes.Count);
        var call = Assert.IsType<UserAgentEffect.Called>(edge.Effect());
        Assert.Equal("offer", UserAgentScript.Text(call.Invite.Body));
        edge.Agent.Accept(edge.Now, call.Call, "answer"u8.ToArray());
        var ok = edge.Sent();
        Assert.Equal((200, "answer", ringing.To!.Tag), (ok.Status, UserAgentScript.Text(ok.Body), ok.To!.Tag));
        edge.Receive(edge.FromBob(SipMethod.Ack, ok.To.Tag));
        Assert.IsType<UserAgentEffect.Established>(edge.Effect());
        edge.Wait(60);
        Assert.Equal(0, edge.Unread);
        edge.Receive(edge.FromBob(SipMethod.Bye, ok.To.Tag, number: 2));
        Assert.Equal(200, edge.Sent().Status);
        Assert.Equal(200, Assert.IsType<UserAgentEffect.Ended>(edge.Effect()).Status);
    }

    [Fact]
    public void An_answer_is_sent_again_until_the_ACK_and_without_one_the_call_ends()
    {
        var edge = UserAgentScript.Registered();
        edge.Receive(edge.FromBob(SipMethod.Invite));
        var call = edge.Effects().OfType<UserAgentEffect.Called>().Single().Call;
        Assert.Equal(180, edge.Sent().Status);
        edge.Agent.Accept(edge.Now, call, default);
        // At 0, 0.5, 1.5, 3.5, 7.5 s and then every 4 s up to 31.5 s; at 32 s, or when it would next be sent, it is over.
        foreach (var wait in new[] { 0, 0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4 })
        {
            edge.Wait(wait);
            Assert.Equal(200, edge.Sent().Status);
            Assert.Equal(0, edge.Unread);
        }

        edge.Wait(4);
        Assert.Equal(SipMethod.Bye, edge.Sent().Method);
        Assert.Contains(edge.Effects(), e => e is UserAgentEffect.Ended { Status: 408 });
        Assert.Equal(0, edge.Agent.Calls);
    }

    [Fact]
    public void A_CANCEL_ends_what_rings_with_487()
    {
        var edge = UserAgentScript.Registered();
        edge.Receive(edge.FromBob(SipMethod.Invite));
        Assert.Equal(180, edge.Sent().Status);
        edge.Receive(edge.FromBob(SipMethod.Cancel));
        var (ok, terminated) = (edge.Sent(), edge.Sent());
        Assert.Equal((SipMethod.Cancel, 200), (ok.Method, ok.Status));
        Assert.Equal((SipMethod.Invite, 487), (terminated.Method, terminated.Status));
        Assert.Equal(0, edge.Agent.Calls);
    }

    [Fact]
    public void Whoever_does_not_want_to_talk_declines()
    {
        var edge = UserAgentScript.Registered();
        edge.Receive(edge.FromBob(SipMethod.Invite));
        Assert.Equal(180, edge.Sent().Status);
        edge.Agent.HangUp(edge.Now, edge.Effects().OfType<UserAgentEffect.Called>().Single().Call);
        Assert.Equal(603, edge.Sent().Status);
    }

    [Fact]
    public void Nobody_rings_on_more_than_sixteen_lines()
    {
        var edge = UserAgentScript.Registered();
        for (uint i = 1; i <= 16; i++)
        {
            edge.Receive(edge.FromBob(SipMethod.Invite, number: i));
            Assert.Equal(180, edge.Sent().Status);
        }

        edge.Receive(edge.FromBob(SipMethod.Invite, number: 17));
        Assert.Equal(486, edge.Sent().Status);
        Assert.Equal(16, edge.Agent.Calls);
    }

    [Fact]
    public void What_belongs_to_no_call_is_refused()
    {
        var edge = UserAgentScript.Registered();
        edge.Receive(edge.FromBob(SipMethod.Bye, "nobody"));
        Assert.Equal(481, edge.Sent().Status);
        edge.Receive(edge.FromBob(SipMethod.Cancel, number: 5));
        Assert.Equal(481, edge.Sent().Status);
        edge.Receive(edge.FromBob("PUBLISH", number: 6));
        var refused = edge.Sent();
        Assert.Equal(405, refused.Status);
        Assert.True(refused.HasToken(HeaderName.Allow, SipMethod.Invite));
        var required = edge.FromBob(SipMethod.Invite, number: 7);
        required.Add(HeaderName.Require, "100rel");
        edge.Receive(required);
        var unsupported = edge.Sent();
        Assert.Equal((420, "100rel"), (unsupported.Status, unsupported.Get("Unsupported")));
        Assert.Equal(0, edge.Agent.Calls);
    }

    [Fact]
    public void A_message_is_delivered_and_answered()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Send(edge.Now, Bob, "hello");
        edge.Answer(edge.Sent(), 200);
        Assert.Equal(200, Assert.IsType<UserAgentEffect.Delivered>(edge.Effect()).Status);
        edge.Receive(edge.FromBob(SipMethod.Message));
        Assert.Equal(200, edge.Sent().Status);
        Assert.IsType<UserAgentEffect.Received>(edge.Effect());
    }

    [Fact]
    public void A_message_without_its_necessary_headers_is_passed_over()
    {
        var edge = UserAgentScript.Registered();
        foreach (var name in new[] { HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq, HeaderName.Via })
        {
            var request = edge.FromBob(SipMethod.Invite);
            request.Remove(name);
            edge.Receive(request);
            Assert.Null(edge.Effect());
            Assert.Equal(0, edge.Unread);
        }
    }

    static void Accept(UserAgentScript edge, SipMessage invite, string toTag = "theirs") => edge.Answer(invite, 200, answer =>
    {
        answer.Add(HeaderName.RecordRoute, "<sip:two.example.net;lr>");
        answer.Add(HeaderName.RecordRoute, "<sip:one.example.net;lr>");
        answer.Add(HeaderName.Contact, "<sip:bob@bob.invalid;transport=ws>");
        answer.SetBody("application/sdp", "answer"u8.ToArray());
    }, toTag);
}
