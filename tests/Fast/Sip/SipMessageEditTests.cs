using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class SipMessageEditTests
{
    const string Register = """
        REGISTER sip:ims.example SIP/2.0
        Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1
        From: <sip:a@ims.example>;tag=1
        To: <sip:a@ims.example>
        Call-ID: 1
        CSeq: 1 REGISTER
        Timestamp: 54
        Require: path , SEC-agree
        Proxy-Require: sec-agree
        Route: <sip:one.example;lr>, <sip:two.example;lr>
        Route: <sip:three.example;lr>
        Content-Length: 0


        """;

    [Fact]
    public void The_first_route_is_taken_off_the_line_it_shares()
    {
        var message = Wire.Message(Register);
        Assert.True(message.RemoveFirst(HeaderName.Route));
        Assert.Equal(["<sip:two.example;lr>", "<sip:three.example;lr>"], message.GetAll(HeaderName.Route));
        Assert.True(message.ReplaceFirst(HeaderName.Route, "<sip:2.example;lr>"));
        Assert.True(message.RemoveFirst(HeaderName.Route));
        Assert.True(message.RemoveFirst(HeaderName.Route));
        Assert.False(message.RemoveFirst(HeaderName.Route));
        Assert.False(message.Has(HeaderName.Route));
    }

    [Fact]
    public void The_first_of_two_vias_in_a_line_is_replaced_alone()
    {
        var message = Wire.Message(Register.Replace("branch=z9hG4bK1", "branch=z9hG4bK1, SIP/2.0/UDP \"x,y\""));
        message.ReplaceFirst(HeaderName.Via, message.TopVia!.With("received", "192.0.2.1"));
        Assert.Equal(
            "SIP/2.0/WSS a.invalid;branch=z9hG4bK1;received=192.0.2.1, SIP/2.0/UDP \"x,y\"", message.Get(HeaderName.Via));
    }

    [Fact]
    public void An_option_tag_goes_and_its_header_with_the_last()
    {
        var message = Wire.Message(Register);
        message.RemoveToken(HeaderName.Require, "sec-agree");
        message.RemoveToken(HeaderName.ProxyRequire, "sec-agree");
        message.RemoveToken(HeaderName.ProxyRequire, "sec-agree");
        Assert.Equal("path", message.Get(HeaderName.Require));
        Assert.False(message.Has(HeaderName.ProxyRequire));
    }

    [Fact]
    public void A_line_is_put_where_it_belongs()
    {
        var message = Wire.Message(Register);
        message.Insert(HeaderName.Path, "<sip:edge.example;lr>");
        message.Insert(HeaderName.Path, "<sip:front.example;lr>");
        message.Add(HeaderName.Path, "<sip:back.example;lr>");
        message.Add("X-Last", "1");
        Assert.Equal(
            [
                "Via", "Path", "Path", "Path", "From", "To", "Call-ID", "CSeq", "Timestamp", "Require", "Proxy-Require",
                "Route", "Route", "X-Last", "Content-Length",
            ],
            message.Headers.Select(h => h.Name.Text));
        Assert.Equal(["front.example", "edge.example", "back.example"], message.Paths.Select(p => p.Uri.Host));
    }

    [Fact]
    public void To_set_a_header_leaves_one_of_it()
    {
        var message = Wire.Message(Register);
        message.Set(HeaderName.Route, "<sip:only.example;lr>");
        Assert.Equal(1, message.Count(HeaderName.Route));
        Assert.Equal(2, message.Copy().RemoveWhere(h => h.Name == HeaderName.Route || h.Name == HeaderName.Require));
    }

    [Fact]
    public void A_body_brings_its_type_and_length()
    {
        var message = Wire.Message(Register);
        message.SetBody("application/sdp", "v=0"u8.ToArray());
        Assert.Equal(("application/sdp", "3"), (message.Get(HeaderName.ContentType), message.Get(HeaderName.ContentLength)));
        message.SetBody(null, default);
        Assert.Equal((null, "0"), (message.Get(HeaderName.ContentType), message.Get(HeaderName.ContentLength)));
    }

    [Fact]
    public void A_100_has_the_Timestamp_and_no_tag_and_another_keeps_the_tag_there_is()
    {
        var request = Wire.Message(Register);
        var trying = SipMessage.Response(request, 100, toTag: "x");
        Assert.Equal("54", trying.Get(HeaderName.Timestamp));
        Assert.Null(trying.To!.Tag);
        Assert.Equal("x", SipMessage.Response(request, 200, toTag: "x").To!.Tag);
        request.Set(HeaderName.To, "<sip:a@ims.example>;tag=theirs");
        Assert.Equal("theirs", SipMessage.Response(request, 200, toTag: "x").To!.Tag);
        Assert.Throws<ArgumentOutOfRangeException>(() => SipMessage.Response(request, 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => SipMessage.Response(request, 700));
    }

    [Fact]
    public void A_request_made_here_has_what_every_request_has()
    {
        var alice = new NameAddress(SipUri.Parse("sip:alice@ims.example")).With("tag", "1");
        var request = SipMessage.Request(
            SipMethod.Message, SipUri.Parse("sip:bob@ims.example"), alice, alice.Without("tag"), "call", 7);
        request.Insert(HeaderName.Via, new Via("WSS", "a.invalid", "z9hG4bK1"));
        Assert.Null(new MessageCheck { IsProxy = true }.Request(Wire.Message(Wire.Text(request))));
    }

    [Fact]
    public void A_keep_alive_is_no_message()
    {
        Assert.True(KeepAlive.IsPing("\r\n\r\n"u8));
        Assert.False(KeepAlive.IsPing(KeepAlive.Pong));
    }
}
