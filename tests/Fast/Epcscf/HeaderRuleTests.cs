using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class HeaderRuleTests
{
    static readonly string Bob = $"sip:bob@{Home.Domain}";

    readonly Home _home = new();
    readonly Browser _alice;
    readonly Browser _bob;

    public HeaderRuleTests()
    {
        (_alice, _bob) = (new(_home, 1, "alice"), new(_home, 2, "bob"));
        _alice.Register();
        _bob.Register();
        _home.Mw.Clear();
    }

    public static TheoryData<string, string> OfTheNetwork { get; } = new()
    {
        { "P-Asserted-Identity", "<sip:evil@ims.example.net>" },
        { "P-Associated-URI", "<sip:evil@ims.example.net>" },
        { "P-Charging-Vector", "icid-value=evil" },
        { "P-Charging-Function-Addresses", "ccf=evil" },
        { "P-Charging-Something-New", "evil" },
        { "P-Visited-Network-ID", "evil" },
        { "P-Called-Party-ID", "<sip:evil@ims.example.net>" },
        { "P-Served-User", "<sip:evil@ims.example.net>;sescase=orig;regstate=reg" },
        { "Remote-Party-ID", "<sip:evil@ims.example.net>;party=calling;screen=yes" },
        { "P-Asserted-Service", "urn:urn-7:3gpp-service.evil" },
        { "P-Access-Network-Info", "IEEE-802.11;evil;network-provided" },
        { "P-Access-Network-Info", "IEEE-802.11;evil;np" },
        { "Path", "<sip:evil.example.net;lr>" },
        { "Service-Route", "<sip:evil.example.net;lr>" },
        { "Record-Route", "<sip:evil.example.net;lr>" },
        { "Authorization", "Bearer evil" },
        { "Authorization", "Digest username=\"evil\", realm=\"r\", nonce=\"n\", uri=\"sip:u\", response=\"0\"" },
        { "Proxy-Authorization", "Bearer evil" },
        { "Security-Client", "evil" },
        { "Security-Verify", "evil" },
        { "Turn-Credential-Request", "password;realm=\"evil\"" },
        { "Turn-Credential", "password;username=\"evil\"" },
    };

    [Theory]
    [MemberData(nameof(OfTheNetwork))]
    public void A_request_of_a_wic_does_not_say_it(string name, string value)
    {
        _alice.Send(_alice.Request(SipMethod.Message, Bob, (name, value), (name.ToUpperInvariant(), value)));
        AssertNowhere();
        Assert.DoesNotContain("evil", Text(_bob.Called()));
    }

    [Theory]
    [MemberData(nameof(OfTheNetwork))]
    public void A_register_does_not_say_it(string name, string value)
    {
        _alice.Send(_alice.Registering(600, (name, value), (name.ToLowerInvariant(), value)));
        _alice.Take();
        // Digest credentials are what a REGISTER is for.
        if (value.StartsWith("Digest", StringComparison.Ordinal)) return;
        AssertNowhere();
    }

    [Theory]
    [MemberData(nameof(OfTheNetwork))]
    public void A_request_of_a_dialog_does_not_say_it(string name, string value)
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        var invite = _bob.Called();
        _bob.Respond(invite, 200);
        var confirmed = _alice.Answered();
        _home.Mw.Clear();
        var info = _alice.Within(SipMethod.Info, confirmed);
        info.Add(name, value);
        _alice.Send(info);
        AssertNowhere();
        Assert.DoesNotContain("evil", Text(_bob.Called()));
        var ack = _alice.Within(SipMethod.Ack, confirmed);
        ack.Add(name, value);
        _alice.Send(ack);
        AssertNowhere();
        Assert.DoesNotContain("evil", Text(_bob.Called()));
    }

    [Theory]
    [MemberData(nameof(OfTheNetwork))]
    public void A_response_of_a_wic_does_not_say_it(string name, string value)
    {
        _alice.Send(_alice.Request(SipMethod.Message, Bob));
        _bob.Respond(_bob.Called(), 200, (name, value));
        AssertNowhere();
        Assert.DoesNotContain("evil", Text(_alice.Answered()));
    }

    public static TheoryData<string, string> OfTheCore { get; } = new()
    {
        { "P-Charging-Vector", "icid-value=secret" },
        { "P-Charging-Function-Addresses", "ccf=secret" },
        { "P-Visited-Network-ID", "secret" },
        { "Authorization", "Bearer secret" },
        { "Proxy-Authorization", "Bearer secret" },
        { "Turn-Credential-Request", "secret" },
        { "Turn-Credential", "secret" },
    };

    [Theory]
    [MemberData(nameof(OfTheCore))]
    public void A_request_to_a_wic_does_not_show_it(string name, string value)
    {
        _home.FromCore(ToBob(SipMethod.Message, (name, value), (name, value)));
        Assert.DoesNotContain("secret", Text(_bob.Called()));
    }

    [Theory]
    [MemberData(nameof(OfTheCore))]
    public void A_response_to_a_wic_does_not_show_it(string name, string value)
    {
        _home.CoreAnswers = false;
        _alice.Send(_alice.Request(SipMethod.Message, Bob));
        var response = SipMessage.Response(_home.Mw[0].Message, 200, toTag: "x");
        response.Add(name, value);
        _home.FromCore(response);
        Assert.DoesNotContain("secret", Text(_alice.Answered()));
    }

    [Theory]
    [InlineData("Feature-Caps")]
    [InlineData("History-Info")]
    [InlineData("Response-Source")]
    [InlineData("P-Access-Network-Info")]
    [InlineData("X-Anything")]
    public void The_rest_passes_byte_for_byte(string name)
    {
        _alice.Send(_alice.Request(SipMethod.Message, Bob, (name, "IEEE-802.3;  odd = \"spacing\"")));
        Assert.Equal("IEEE-802.3;  odd = \"spacing\"", _bob.Called().Get(name));
    }

    [Theory]
    [InlineData(null, "<sip:alice@ims.example.net>")]
    [InlineData("<sip:alice@ims.example.net>", "<sip:alice@ims.example.net>")]
    [InlineData("\"Alice\" <sip:alice.work@ims.example.net>", "<sip:alice.work@ims.example.net>")]
    [InlineData("<sip:bob@ims.example.net>", "<sip:alice@ims.example.net>")]
    [InlineData("<tel:+15550100>", "<tel:+15550100>")]
    [InlineData("garbage", "<sip:alice@ims.example.net>")]
    public void The_identity_that_is_asserted_is_a_registered_one(string? preferred, string asserted)
    {
        _home.Subscribers[$"alice@{Home.Domain}"] = _home.Subscribers[$"alice@{Home.Domain}"] with
        {
            Impus = [$"sip:alice@{Home.Domain}", $"sip:alice.work@{Home.Domain}", "tel:+15550100"],
        };
        _alice.Register();
        var message = _alice.Request(SipMethod.Message, Bob);
        if (preferred is not null) message.Add("P-Preferred-Identity", preferred);
        _alice.Send(message);
        var got = _bob.Called();
        Assert.Equal([asserted], got.GetAll(HeaderName.PAssertedIdentity));
        Assert.False(got.Has(HeaderName.PPreferredIdentity));
    }

    [Fact]
    public void Three_preferred_identities_are_one_too_many()
    {
        _alice.Send(_alice.Request(
            SipMethod.Message, Bob, ("P-Preferred-Identity", "<sip:a@b>, <sip:c@d>"), ("P-Preferred-Identity", "<sip:e@f>")));
        Assert.Equal(403, _alice.Answered().Status);
    }

    [Fact]
    public void A_spoofed_from_is_refused()
    {
        var message = _alice.Request(SipMethod.Message, Bob);
        message.Set(HeaderName.From, "<sip:bob@ims.example.net>;tag=1");
        _alice.Send(message);
        Assert.Equal(403, _alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void An_anonymous_caller_is_known_to_the_core_alone()
    {
        var message = _alice.Request(SipMethod.Message, Bob, ("Privacy", "header;id"));
        message.Set(HeaderName.From, "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1");
        _alice.Send(message);
        Assert.Equal("<sip:alice@ims.example.net>", _home.Mw[0].Message.Get(HeaderName.PAssertedIdentity));
        Assert.False(_bob.Called().Has(HeaderName.PAssertedIdentity));
    }

    [Theory]
    [InlineData(null, "<sip:bob@ims.example.net>")]
    [InlineData("id", null)]
    [InlineData("header;id", null)]
    public void The_caller_hears_who_answered_unless_that_is_private(string? privacy, string? asserted)
    {
        _alice.Send(_alice.Request(SipMethod.Invite, Bob));
        _bob.Respond(_bob.Called(), 180, privacy is null ? [] : [("Privacy", privacy)]);
        Assert.Equal(asserted, Assert.Single(_alice.Take(), one => one.Status == 180).Get(HeaderName.PAssertedIdentity));
    }

    [Fact]
    public void A_wish_for_privacy_counts_on_whichever_line_it_stands()
    {
        _alice.Send(_alice.Request(SipMethod.Message, Bob, ("Privacy", "session"), ("privacy", "header; ID")));
        Assert.False(_bob.Called().Has(HeaderName.PAssertedIdentity));
    }

    [Theory]
    [InlineData("Via", "SIP/2.0/UDP df7jal23ls0d.invalid;branch=z9hG4bKudp", 403)]
    [InlineData("Max-Forwards", "0", 483)]
    [InlineData("Proxy-Require", "magic", 420)]
    [InlineData("CSeq", "1 INVITE", 400)]
    public void What_is_refused_at_the_door_is_refused_with_a_tag_of_ours(string name, string value, int status)
    {
        var message = _alice.Request(SipMethod.Message, Bob);
        message.Set(name, value);
        _alice.Send(message);
        var refused = _alice.Answered();
        Assert.Equal(status, refused.Status);
        Assert.StartsWith("03.", refused.To!.Tag);
    }

    [Fact]
    public void A_via_of_another_transport_is_refused()
    {
        var message = _alice.Request(SipMethod.Message, Bob);
        message.Set(HeaderName.Via, "SIP/2.0/UDP df7jal23ls0d.invalid;branch=z9hG4bKudp");
        _alice.Send(message);
        Assert.Equal(403, _alice.Answered().Status);
    }

    /// <summary>A request from elsewhere in the core, by bob's Path.</summary>
    SipMessage ToBob(string method, params (string Name, string Value)[] more)
    {
        _home.Mw.Clear();
        _bob.Register();
        var path = _home.Mw.Last(one => one.ToCore).Message.Get(HeaderName.Path)!;
        var request = SipMessage.Request(
            method, SipUri.Parse(_bob.Contact[1..^1]), new(SipUri.Parse("sip:x@y"), null, [new("tag", "1")]),
            new(SipUri.Parse(Bob)), "c@y", 1);
        request.Insert(HeaderName.Via, new Via("TCP", "core.example.net", "z9hG4bKcore1"));
        request.Add(HeaderName.Route, path);
        foreach (var (name, value) in more) request.Add(name, value);
        return request;
    }

    void AssertNowhere() =>
        Assert.All(_home.Mw.Where(one => one.ToCore), one => Assert.DoesNotContain("evil", Text(one.Message)));

    static string Text(SipMessage message) => System.Text.Encoding.UTF8.GetString(message.ToBytes());
}
