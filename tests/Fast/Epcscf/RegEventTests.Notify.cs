using System.Text;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>What a NOTIFY says, and what is heard of it.</summary>
public partial class RegEventTests
{
    readonly Dictionary<string, string> _tags = [];
    SipMessage? _subscribe;
    int _branches;

    [Fact]
    public void The_first_document_may_have_any_version_and_an_older_one_is_not_heard()
    {
        _home.CoreAnswersWatches = false;
        Register(_alice);
        Assert.Equal(200, Heard(Notify(4, Document(2, "full", Contact("active", "registered")))));
        Assert.Equal(200, Heard(Notify(5, Document(2, "full", Contact("terminated", "expired")))));
        Assert.Equal(200, Heard(Notify(6, Document(1, "full", Contact("terminated", "expired")))));
        Assert.True(IsRegistered());
        Assert.Equal(200, Heard(Notify(7, Document(3, "full", Contact("terminated", "expired")))));
        Assert.False(IsRegistered());
    }

    [Fact]
    public void A_gap_before_a_partial_document_is_closed_by_asking_for_all()
    {
        Register(_alice);
        _home.FromCore(Notify(9, Document(1, "partial", Contact("active", "refreshed"))));
        _home.Pass(TimeSpan.Zero);
        Assert.Single(Subscribes());
        _home.FromCore(Notify(10, Document(7, "partial", Contact("active", "refreshed"))));
        _home.Pass(TimeSpan.Zero);
        Assert.Equal([1u, 2u], Subscribes().Select(one => one.CSeq!.Value.Number));
    }

    [Fact]
    public void A_binding_that_is_gone_and_there_again_in_one_document_is_there()
    {
        Register(_alice);
        _home.FromCore(Notify(9, Document(5, "full", Contact("terminated", "unregistered") + Contact("active", "registered"))));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void What_a_full_document_does_not_speak_of_is_gone_unless_it_crossed_the_registration()
    {
        Register(_alice);
        _home.FromCore(Notify(9, Document(5, "full", "")));
        Assert.True(IsRegistered());
        _home.Pass(TimeSpan.FromSeconds(33));
        _home.FromCore(Notify(10, Document(6, "partial", "")));
        Assert.True(IsRegistered());
        _home.FromCore(Notify(11, Document(7, "full", "")));
        Assert.False(IsRegistered());
    }

    [Fact]
    public void A_set_that_is_terminated_as_a_whole_is_gone()
    {
        Register(_alice);
        _home.FromCore(Notify(9, Document(5, "partial", "", state: "terminated")));
        Assert.False(IsRegistered());
    }

    [Fact]
    public void A_NOTIFY_before_the_answer_to_its_SUBSCRIBE_is_heard()
    {
        _home.CoreAnswersWatches = false;
        Register(_alice);
        Assert.Equal(200, Heard(Notify(4, Document(2, "full", Contact("terminated", "rejected")))));
        Assert.False(IsRegistered());
    }

    [Theory]
    [InlineData("Call-ID", "another", 481)]
    [InlineData("To", "<sip:edge.example.net>;tag=another", 481)]
    [InlineData("From", "<sip:alice@ims.example.net>;tag=another", 481)]
    [InlineData("Event", "presence", 489)]
    [InlineData("Content-Type", "text/plain", 415)]
    [InlineData("Subscription-State", null, 400)]
    [InlineData("CSeq", "1 NOTIFY", 500)]
    public void A_NOTIFY_that_is_not_of_our_subscription_is_refused_and_changes_nothing(string name, string? value, int status)
    {
        Register(_alice);
        var notify = Notify(9, Document(5, "full", Contact("terminated", "rejected")));
        if (value is null) notify.Remove(name);
        else notify.Set(name, value);
        Assert.Equal(status, Heard(notify));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void A_document_that_cannot_be_read_is_400()
    {
        Register(_alice);
        Assert.Equal(400, Heard(Notify(9, "<reginfo")));
        Assert.Equal(200, Heard(Notify(10, body: null)));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void A_token_that_was_altered_leads_to_no_subscription()
    {
        Register(_alice);
        var notify = Notify(9, Document(5, "full", Contact("terminated", "rejected")));
        var token = notify.RequestUri!.User!;
        notify.RequestUri = SipUri.Parse($"sip:{token[..^1]}{(token[^1] == 'A' ? 'B' : 'A')}@edge.example.net");
        Assert.Equal(481, Heard(notify));
        Assert.True(IsRegistered());
    }

    [Fact]
    public void A_WIC_may_watch_its_own_registration()
    {
        Register(_alice);
        _alice.Send(_alice.Request(SipMethod.Subscribe, _alice.Identity, ("Event", "reg"), ("Expires", "600")));
        var got = _alice.Take();
        Assert.Equal(200, Assert.Single(got, one => one.IsResponse).Status);
        var notify = Assert.Single(got, one => one.IsRequest);
        Assert.True(RegInfo.TryParse(notify.Body.Span, out var info));
        Assert.Equal("sip:alice@ims.example.net", info.Registrations[0].AddressOfRecord);
        _alice.Respond(notify, 200);
        _alice.Send(_alice.Request(SipMethod.Subscribe, "sip:bob@ims.example.net", ("Event", "reg")));
        Assert.Equal(403, _alice.Answered().Status);
    }

    [Fact]
    public void A_NOTIFY_finds_its_shard_by_our_contact()
    {
        Register(_alice);
        Assert.Equal(new ShardId(3), Steering.OfCore(Notify(1), 4));
    }

    /// <summary>What the edge answers.</summary>
    int Heard(SipMessage notify)
    {
        _home.RegEvents.Clear();
        _home.Mw.Clear();
        _home.FromCore(notify);
        return _home.RegEvents.Concat(_home.Mw).Last(one => one.Message is { IsResponse: true, Method: SipMethod.Notify }).Message.Status;
    }

    /// <summary>A NOTIFY in the dialog of the last SUBSCRIBE.</summary>
    SipMessage Notify(uint cseq, string? body = null, string state = "active;expires=600")
    {
        foreach (var (_, message) in _home.RegEvents)
        {
            if (message is { IsRequest: true, Method: SipMethod.Subscribe }) _subscribe = message;
            else if (message is { IsResponse: true, Method: SipMethod.Subscribe, Status: 200 }) _tags[message.CallId!] = message.To!.Tag!;
        }

        var callId = _subscribe!.CallId!;
        var core = _subscribe.To!.With("tag", _tags.GetValueOrDefault(callId, "core"));
        var notify = SipMessage.Request(SipMethod.Notify, _subscribe.Contacts[0].Uri, core, _subscribe.From!, callId, cseq);
        notify.Insert(HeaderName.Via, new Via("TCP", "core.example.net", $"z9hG4bKn{++_branches}"));
        notify.Add(HeaderName.Contact, "<sip:core.example.net>");
        notify.Add(HeaderName.Event, "reg");
        notify.Add(HeaderName.SubscriptionState, state);
        if (body is not null) notify.SetBody(RegInfo.ContentType, Encoding.UTF8.GetBytes(body));
        return notify;
    }

    string Document(uint version, string kind, string contacts, string state = "active") =>
        $"""
        <?xml version="1.0"?>
        <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="{version}" state="{kind}">
        <registration aor="sip:alice@ims.example.net" id="0x1" state="{state}">{contacts}</registration></reginfo>
        """;

    string Contact(string state, string what) =>
        $"<contact id=\"0x2\" state=\"{state}\" event=\"{what}\" expires=\"540\"><uri>{_alice.Contact.Trim('<', '>')}</uri></contact>";
}
