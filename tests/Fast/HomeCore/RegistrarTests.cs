using Portunus.HomeCore;
using Portunus.Sip;
using Portunus.Tests.Fast.Epcscf;

namespace Portunus.Tests.Fast.HomeCore;

public class RegistrarTests
{
    readonly Desk _desk = new();

    [Fact]
    public void The_contact_comes_back_as_it_was_written_with_what_is_left()
    {
        const string Contact =
            "<sip:a@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\";reg-id=1;+g.3gpp.icsi-ref=\"urn%3A7\";expires=";
        var confirmed = _desk.Bind(Contact + "7200");
        Assert.Equal(Contact + "3600", confirmed.Get(HeaderName.Contact));
        Assert.Equal("<sip:token@edge.example.net;lr>", confirmed.Get(HeaderName.Path));
        Assert.Equal($"<sip:{Desk.Alice}>, <tel:+15550100>", confirmed.Get(HeaderName.PAssociatedUri));
    }

    [Theory]
    [InlineData("Path", null, 421)]
    [InlineData("P-Visited-Network-ID", null, 400)]
    [InlineData("P-Charging-Vector", null, 400)]
    [InlineData("Require", "path, magic", 420)]
    [InlineData("Contact", "*", 400)]
    public void What_an_edge_owes_is_checked(string name, string? value, int status) =>
        Assert.Equal(status, Desk.Sent(_desk.Put(_desk.Register(changes: (name, value)))).Status);

    [Theory]
    [InlineData("sip:elsewhere.net")]
    [InlineData("sip:alice@ims.example.net")]
    public void A_register_for_another_domain_is_404(string uri)
    {
        var register = _desk.Register();
        register.RequestUri = SipUri.Parse(uri);
        Assert.Equal(404, Desk.Sent(_desk.Put(register)).Status);
    }

    [Fact]
    public void A_wish_below_the_shortest_is_423()
    {
        var brief = _desk.Bind("<sip:a@x.invalid>;expires=59");
        Assert.Equal((423, "60"), (brief.Status, brief.Get(HeaderName.MinExpires)));
    }

    [Fact]
    public void A_wish_above_the_longest_is_shortened() =>
        Assert.Equal(3600u, _desk.Bind("<sip:a@x.invalid>;expires=86400").Contacts[0].Expires);

    [Fact]
    public void Without_a_wish_a_binding_lasts_the_longest() =>
        Assert.Equal(3600u, _desk.Bind("<sip:a@x.invalid>").Contacts[0].Expires);

    [Fact]
    public void The_same_device_replaces_its_contact()
    {
        _desk.Bind("<sip:a@x.invalid>;+sip.instance=\"<urn:uuid:1>\";reg-id=1");
        var confirmed = _desk.Bind("<sip:b@y.invalid>;+sip.instance=\"<urn:uuid:1>\";reg-id=1");
        Assert.Equal("sip:b@y.invalid", Assert.Single(confirmed.Contacts).Uri.ToString());
    }

    [Fact]
    public void One_binding_too_many_displaces_what_ends_first()
    {
        var desk = new Desk(Home.CoreSettings with { BindingsPerIdentity = 3 });
        foreach (var (name, expires) in new[] { ("a", 600), ("b", 300), ("c", 900) })
            desk.Bind($"<sip:{name}@x.invalid>;expires={expires}");
        var confirmed = desk.Bind("<sip:d@x.invalid>;expires=600");
        Assert.Equal(200, confirmed.Status);
        Assert.Equal(["a", "c", "d"], confirmed.Contacts.Select(contact => contact.Uri.User).Order());
    }

    [Fact]
    public void A_refresh_displaces_nobody_and_too_many_contacts_at_once_are_403()
    {
        var desk = new Desk(Home.CoreSettings with { BindingsPerIdentity = 2 });
        desk.Bind("<sip:a@x.invalid>;expires=600, <sip:b@x.invalid>;expires=600");
        Assert.Equal(2, desk.Bind("<sip:a@x.invalid>;expires=600").Contacts.Count);
        Assert.Equal(403, desk.Bind("<sip:a@x.invalid>, <sip:b@x.invalid>, <sip:c@x.invalid>").Status);
    }

    [Fact]
    public void Bindings_of_all_are_bounded()
    {
        var desk = new Desk(Home.CoreSettings with { Bindings = 1 });
        desk.Bind("<sip:a@x.invalid>");
        Assert.Equal(503, desk.Bind("<sip:b@x.invalid>").Status);
    }

    [Fact]
    public void All_contacts_are_bound_or_none()
    {
        var refused = _desk.Bind("<sip:a@x.invalid>;expires=600, <sip:b@x.invalid>;expires=1");
        Assert.Equal(423, refused.Status);
        var query = _desk.Answering(_desk.Ask(_desk.Register(), Desk.Subscriber));
        query.Remove(HeaderName.Contact);
        Assert.Empty(_desk.Ask(query, Desk.Subscriber).Contacts);
    }

    [Fact]
    public void A_register_that_was_overtaken_changes_nothing()
    {
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        var early = _desk.Answering(challenged, count: 2);
        _desk.Ask(_desk.Answering(challenged), Desk.Subscriber);
        Assert.Equal(500, _desk.Ask(early, Desk.Subscriber).Status);
    }

    [Fact]
    public void A_binding_ends_when_it_was_said_to()
    {
        _desk.Bind("<sip:a@x.invalid>;expires=100");
        Assert.Empty(_desk.Pass(TimeSpan.FromSeconds(99)).OfType<CscfEffect.Audit>());
        Assert.Equal(CscfEvent.Expired, Assert.Single(_desk.Pass(TimeSpan.FromSeconds(1)).OfType<CscfEffect.Audit>()).Event);
        Assert.Equal(403, Desk.Sent(_desk.Put(Call())).Status);
    }

    [Fact]
    public void All_identities_of_the_set_are_registered_at_once()
    {
        _desk.Bind();
        var call = Call();
        call.RequestUri = SipUri.Parse("tel:+1-555-0100");
        Assert.Equal("sip:a@x.invalid", Desk.Sent(_desk.Put(call)).RequestUriText);
    }

    [Fact]
    public void A_caller_whom_the_edge_does_not_assert_is_403()
    {
        _desk.Bind();
        var call = Call();
        call.Remove(HeaderName.PAssertedIdentity);
        Assert.Equal(403, Desk.Sent(_desk.Put(call)).Status);
        call = Call();
        call.Set(HeaderName.PAssertedIdentity, "<sip:bob@ims.example.net>");
        Assert.Equal(403, Desk.Sent(_desk.Put(call)).Status);
    }

    [Fact]
    public void A_request_without_our_route_is_403()
    {
        var call = Call();
        call.Set(HeaderName.Route, "<sip:orig@elsewhere.net;lr>");
        Assert.Equal(403, Desk.Sent(_desk.Put(call)).Status);
    }

    SipMessage Call()
    {
        var call = _desk.Request(SipMethod.Message, $"sip:{Desk.Alice}");
        call.Add(HeaderName.PAssertedIdentity, $"<sip:{Desk.Alice}>");
        call.Add(HeaderName.Route, "<sip:orig@core.example.net;lr>");
        return call;
    }
}
