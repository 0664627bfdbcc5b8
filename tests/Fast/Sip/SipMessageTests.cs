using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class SipMessageTests
{
    const string Invite = """
        INVITE sip:bob@biloxi.com SIP/2.0
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks
        v: SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;received=192.0.2.4, SIP/2.0/UDP b.example;branch=z9hG4bK2
        Max-Forwards: 70
        f:  "Al \"the\" ice, x" <sip:alice@atlanta.com;transport=ws>;tag=asdyka899
        To: sip:bob@biloxi.com;tag=77
        Call-ID: asidkj3ss
        CSeq: 1 INVITE
        Route: <sip:a.example;lr>, "b, c" <sip:b,c@b.example;lr>;x="1,2"
        Subject: one,
          two
        Supported: path, gruu
        Supported: outbound
        Content-Length: 4

        body
        """;

    [Fact]
    public void A_request_shows_its_parts()
    {
        var message = Wire.Message(Invite);
        Assert.True(message.IsRequest);
        Assert.Equal(SipMethod.Invite, message.Method);
        Assert.Equal("sip:bob@biloxi.com", message.RequestUri!.ToString());
        Assert.Equal(70u, message.MaxForwards);
        Assert.Equal("asdyka899", message.From!.Tag);
        Assert.Equal("Al \"the\" ice, x", message.From.DisplayName);
        Assert.Equal("ws", message.From.Uri.Transport);
        Assert.Equal("77", message.To!.Tag);
        Assert.Equal(new CSeq(1, "INVITE"), message.CSeq);
        Assert.Equal("asidkj3ss", message.CallId);
        Assert.Equal("z9hG4bK56sdasks", message.TopVia!.Branch);
        Assert.Equal(["df7jal23ls0d.invalid", "a.example:5060", "b.example"], message.Vias.Select(v => v.SentBy.ToString()));
        Assert.Equal(["a.example", "b.example"], message.Routes.Select(r => r.Uri.Host));
        Assert.Equal("one, two", message.Get(HeaderName.Subject));
        Assert.True(message.HasToken(HeaderName.Supported, "outbound"));
        Assert.Equal("body"u8, message.Body.Span);
    }

    [Fact]
    public void What_is_not_touched_is_written_as_it_was_read()
    {
        var message = Wire.Message(Invite);
        Assert.Equal(Wire.Bytes(Invite), message.ToBytes());

        message.Insert(HeaderName.Via, new Via("TCP", "edge.example", "z9hG4bKnew"));
        message.RemoveFirst(HeaderName.Route);
        message.Set(HeaderName.MaxForwards, "69");
        message.Remove(HeaderName.Supported);
        Assert.Equal("""
            INVITE sip:bob@biloxi.com SIP/2.0
            Via: SIP/2.0/TCP edge.example;branch=z9hG4bKnew
            Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks
            v: SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;received=192.0.2.4, SIP/2.0/UDP b.example;branch=z9hG4bK2
            Max-Forwards: 69
            f:  "Al \"the\" ice, x" <sip:alice@atlanta.com;transport=ws>;tag=asdyka899
            To: sip:bob@biloxi.com;tag=77
            Call-ID: asidkj3ss
            CSeq: 1 INVITE
            Route: "b, c" <sip:b,c@b.example;lr>;x="1,2"
            Subject: one,
              two
            Content-Length: 4

            body
            """, Wire.Text(message));
    }

    [Fact]
    public void A_response_takes_from_its_request_what_section_8_2_6_says()
    {
        var request = Wire.Message(Invite.Replace(";tag=77", ""));
        Assert.Equal("""
            SIP/2.0 486 Busy Here
            Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks
            v: SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;received=192.0.2.4, SIP/2.0/UDP b.example;branch=z9hG4bK2
            f:  "Al \"the\" ice, x" <sip:alice@atlanta.com;transport=ws>;tag=asdyka899
            To: <sip:bob@biloxi.com>;tag=me
            Call-ID: asidkj3ss
            CSeq: 1 INVITE
            Content-Length: 0


            """, Wire.Text(SipMessage.Response(request, 486, toTag: "me")));
    }

    [Fact]
    public void A_copy_is_edited_apart()
    {
        var message = Wire.Message(Invite);
        var copy = message.Copy();
        copy.Remove(HeaderName.Via);
        copy.RequestUri = SipUri.Parse("sip:x@y.example");
        Assert.Equal(Wire.Bytes(Invite), message.ToBytes());
    }

    [Theory]
    [InlineData("a\r\nEvil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    public void A_value_cannot_smuggle_a_line(string value) =>
        Assert.Throws<ArgumentException>(() => Wire.Message(Invite).Set("X-Any", value));
}
