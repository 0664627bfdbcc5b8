using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Sip;
using Portunus.Tests.Fast.Epcscf;

namespace Portunus.Tests.Fast.HomeCore;

/// <summary>The home core tells who watches what becomes of a registration (RFC 3680, RFC 6665).</summary>
public class RegEventTests
{
    const string Edge = "<sip:edge.example.net>";

    readonly Desk _desk = new();

    [Fact]
    public void The_edge_of_the_path_is_told_all_at_once()
    {
        _desk.Bind();
        var (accepted, notify) = Subscribed();
        Assert.Equal((200, "700"), (accepted.Status, accepted.Get(HeaderName.Expires)));
        Assert.Equal("sip:03token@edge.example.net", notify.RequestUriText);
        Assert.Equal(("reg", "active;expires=700"), (notify.Get(HeaderName.Event), notify.Get(HeaderName.SubscriptionState)));
        Assert.Equal((accepted.To!.Tag, "w"), (notify.From!.Tag, notify.To!.Tag));
        var info = Document(notify);
        Assert.Equal((0u, true), (info.Version, info.IsFull));
        Assert.Equal([$"sip:{Desk.Alice}", "tel:+15550100"], info.Registrations.Select(one => one.AddressOfRecord));
        Assert.All(info.Registrations, one => Assert.Equal(RegInfoState.Active, one.State));
        var contact = Assert.Single(info.Registrations[1].Contacts);
        Assert.Equal(("sip:a@x.invalid", RegInfoEvent.Registered, 600u), (contact.Uri, contact.Event, contact.Expires!.Value));
    }

    [Theory]
    [InlineData("<sip:elsewhere.example.net>")]
    [InlineData("<sip:edge.example.net:5061>")]
    [InlineData("<sip:bob@ims.example.net>")]
    [InlineData(null)]
    public void Who_is_neither_of_the_path_nor_of_the_set_may_not_watch(string? asserted)
    {
        _desk.Bind();
        Assert.Equal(403, Desk.Sent(_desk.Put(Subscribe(asserted))).Status);
    }

    [Fact]
    public void The_user_may_watch_its_own_registration_along_the_route_that_it_recorded()
    {
        _desk.Bind();
        var subscribe = Subscribe("<tel:+15550100>");
        subscribe.Add(HeaderName.RecordRoute, "<sip:t@edge.example.net;lr>");
        subscribe.Add(HeaderName.Route, "<sip:orig@core.example.net;lr>");
        var (accepted, notify) = Both(_desk.Put(subscribe));
        Assert.Equal("<sip:t@edge.example.net;lr>", accepted.Get(HeaderName.RecordRoute));
        Assert.Equal("<sip:t@edge.example.net;lr>", notify.Get(HeaderName.Route));
    }

    [Theory]
    [InlineData(Edge, 404)]
    [InlineData("<sip:bob@ims.example.net>", 403)]
    public void That_nobody_is_registered_is_told_to_an_edge_and_to_nobody_else(string asserted, int status) =>
        Assert.Equal(status, Desk.Sent(_desk.Put(Subscribe(asserted))).Status);

    [Fact]
    public void A_change_is_told_in_part_and_the_next_only_when_the_last_was_answered()
    {
        _desk.Bind();
        var first = Subscribed().Notify;
        _desk.Bind("<sip:b@y.invalid>;expires=600");
        Assert.Empty(Notifies(_desk.Effects()));
        var info = Document(Assert.Single(Notifies(Answer(first))));
        Assert.Equal((1u, false), (info.Version, info.IsFull));
        Assert.Equal("sip:b@y.invalid", Assert.Single(info.Registrations[0].Contacts).Uri);
    }

    [Fact]
    public void Who_deregisters_hears_it_before_the_edge_and_the_subscription_ends_with_the_last_binding()
    {
        _desk.Bind();
        Answer(Subscribed().Notify);
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        var register = _desk.Answering(challenged, "<sip:a@x.invalid>;expires=0");
        var effects = _desk.Answer(Assert.Single(_desk.Put(register)), Desk.Subscriber).OfType<CscfEffect.ToEdge>().ToArray();
        Assert.Equal(200, effects[0].Message.Status);
        var notify = effects[1].Message;
        Assert.Equal("terminated;reason=noresource", notify.Get(HeaderName.SubscriptionState));
        var registration = Document(notify).Registrations[0];
        Assert.Equal(RegInfoState.Terminated, registration.State);
        Assert.Equal(RegInfoEvent.Unregistered, Assert.Single(registration.Contacts).Event);
        _desk.Bind();
        Assert.Equal(481, Desk.Sent(_desk.Put(Again(notify))).Status);
    }

    [Theory]
    [InlineData(DeregistrationReason.Deactivated, RegInfoEvent.Deactivated)]
    [InlineData(DeregistrationReason.Probation, RegInfoEvent.Probation)]
    [InlineData(DeregistrationReason.Rejected, RegInfoEvent.Rejected)]
    public void The_operator_ends_a_registration_by_any_of_its_identities(DeregistrationReason reason, RegInfoEvent what)
    {
        _desk.Bind();
        Answer(Subscribed().Notify);
        var order = new CscfOrder.Deregister("tel:+1-555-0100", reason) { RetryAfter = TimeSpan.FromSeconds(30) };
        Assert.Equal(1, _desk.Cscf.OnOrder(_desk.Now, order));
        var contact = Assert.Single(Document(Assert.Single(Notifies(_desk.Effects()))).Registrations[0].Contacts);
        Assert.Equal((what, 30u), (contact.Event, contact.RetryAfter!.Value));
        Assert.Equal(0, _desk.Cscf.OnOrder(_desk.Now, order));
        Assert.Empty(_desk.Effects());
    }

    [Fact]
    public void The_operator_lets_a_registration_end_earlier_never_later()
    {
        _desk.Bind();
        Answer(Subscribed().Notify);
        Assert.Equal(0, _desk.Cscf.OnOrder(_desk.Now, new CscfOrder.Shorten($"sip:{Desk.Alice}", TimeSpan.FromSeconds(700))));
        Assert.Equal(1, _desk.Cscf.OnOrder(_desk.Now, new CscfOrder.Shorten($"sip:{Desk.Alice}", TimeSpan.FromSeconds(60))));
        var notify = Assert.Single(Notifies(_desk.Effects()));
        var contact = Assert.Single(Document(notify).Registrations[0].Contacts);
        Assert.Equal((RegInfoEvent.Shortened, 60u), (contact.Event, contact.Expires!.Value));
        Answer(notify);
        var expired = Assert.Single(Notifies(_desk.Pass(TimeSpan.FromSeconds(60))));
        Assert.Equal(RegInfoEvent.Expired, Assert.Single(Document(expired).Registrations[0].Contacts).Event);
    }

    [Fact]
    public void A_refresh_is_told_all_anew_and_one_that_was_overtaken_changes_nothing()
    {
        _desk.Bind();
        var first = Subscribed().Notify;
        Answer(first);
        var early = Again(first);
        var (accepted, notify) = Both(_desk.Put(Again(first, cseq: 7)));
        Assert.Equal(200, accepted.Status);
        Assert.Equal((1u, true), (Document(notify).Version, Document(notify).IsFull));
        Assert.Equal(500, Desk.Sent(_desk.Put(early)).Status);
    }

    [Fact]
    public void A_subscription_ends_when_it_is_not_refreshed_or_when_its_watcher_wants()
    {
        _desk.Bind("<sip:a@x.invalid>;expires=3600");
        var first = Subscribed().Notify;
        Answer(first);
        var last = Assert.Single(Notifies(_desk.Pass(TimeSpan.FromSeconds(700))));
        Assert.Equal("terminated;reason=timeout", last.Get(HeaderName.SubscriptionState));
        Assert.Equal(481, Desk.Sent(_desk.Put(Again(first))).Status);

        first = Subscribed().Notify;
        Answer(first);
        var end = Again(first);
        end.Set(HeaderName.Expires, "0");
        Assert.Equal("terminated;reason=timeout", Both(_desk.Put(end)).Notify.Get(HeaderName.SubscriptionState));
    }

    [Fact]
    public void A_watcher_who_does_not_know_us_is_forgotten()
    {
        _desk.Bind();
        Answer(Subscribed().Notify, 481);
        _desk.Bind("<sip:b@y.invalid>");
        Assert.Empty(Notifies(_desk.Effects()));
    }

    [Fact]
    public void Watchers_are_bounded_and_so_are_wishes_below_the_shortest()
    {
        var desk = new Desk(Home.CoreSettings with { WatchersPerIdentity = 1 });
        desk.Bind();
        Assert.Equal(200, desk.Put(Subscribe(desk: desk)).OfType<CscfEffect.ToEdge>().First().Message.Status);
        Assert.Equal(503, Desk.Sent(desk.Put(Subscribe(desk: desk))).Status);
        var brief = Subscribe(desk: desk);
        brief.Set(HeaderName.Expires, "59");
        Assert.Equal(423, Desk.Sent(desk.Put(brief)).Status);
    }

    [Fact]
    public void What_a_stranger_asserts_is_not_heard()
    {
        _desk.Bind();
        _desk.Cscf.OnEdge(_desk.Now, Subscribe(), isTrusted: false);
        Assert.Equal(403, Desk.Sent(_desk.Effects()).Status);
    }

    SipMessage Subscribe(string? asserted = Edge, Desk? desk = null)
    {
        var subscribe = (desk ?? _desk).Request(SipMethod.Subscribe, $"sip:{Desk.Alice}");
        subscribe.Set(HeaderName.From, $"{Edge};tag=w");
        subscribe.Add(HeaderName.Event, "reg");
        subscribe.Add(HeaderName.Contact, "<sip:03token@edge.example.net>");
        subscribe.Add(HeaderName.Expires, "700");
        if (asserted is not null) subscribe.Add(HeaderName.PAssertedIdentity, asserted);
        return subscribe;
    }

    (SipMessage Accepted, SipMessage Notify) Subscribed() => Both(_desk.Put(Subscribe()));

    static (SipMessage Accepted, SipMessage Notify) Both(List<CscfEffect> effects)
    {
        var sent = effects.OfType<CscfEffect.ToEdge>().Select(one => one.Message).ToArray();
        Assert.Equal(2, sent.Length);
        return (sent[0], sent[1]);
    }

    /// <summary>A SUBSCRIBE in the dialog of a NOTIFY.</summary>
    SipMessage Again(SipMessage notify, uint? cseq = null)
    {
        var subscribe = Subscribe();
        subscribe.Set(HeaderName.From, notify.Get(HeaderName.To)!);
        subscribe.Set(HeaderName.To, notify.Get(HeaderName.From)!);
        subscribe.RequestUri = notify.Contacts[0].Uri;
        if (cseq is { } number) subscribe.Set(HeaderName.CSeq, new CSeq(subscribe.CSeq!.Value.Number + number, SipMethod.Subscribe));
        return subscribe;
    }

    List<CscfEffect> Answer(SipMessage notify, int status = 200) => _desk.Put(SipMessage.Response(notify, status));

    static SipMessage[] Notifies(IEnumerable<CscfEffect> effects) =>
        [.. effects.OfType<CscfEffect.ToEdge>().Select(one => one.Message)
            .Where(one => one is { IsRequest: true, Method: SipMethod.Notify })];

    static RegInfo Document(SipMessage notify)
    {
        Assert.Equal(RegInfo.ContentType, notify.Get(HeaderName.ContentType));
        Assert.True(RegInfo.TryParse(notify.Body.Span, out var info));
        return info;
    }
}
