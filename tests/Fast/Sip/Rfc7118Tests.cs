using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

/// <summary>The SIP messages of RFC 7118 §8, as a WebSocket carries them: no Content-Length.</summary>
/// <remarks>
/// Two slips of the document are put right: a fold inside angle brackets (F1), a comma at the end of Route (F6).
/// </remarks>
public class Rfc7118Tests
{
    const string Register = """
        REGISTER sip:proxy.example.com SIP/2.0
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKasudf
        From: sip:alice@example.com;tag=65bnmj.34asd
        To: sip:alice@example.com
        Call-ID: aiuy7k9njasd
        CSeq: 1 REGISTER
        Max-Forwards: 70
        Supported: path, outbound, gruu
        Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
          ;reg-id=1
          ;+sip.instance="<urn:uuid:f81-7dec-14a06cf1>"


        """;

    const string Registered = """
        SIP/2.0 200 OK
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKasudf
        From: sip:alice@example.com;tag=65bnmj.34asd
        To: sip:alice@example.com;tag=12isjljn8
        Call-ID: aiuy7k9njasd
        CSeq: 1 REGISTER
        Supported: outbound, gruu
        Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>
          ;reg-id=1
          ;+sip.instance="<urn:uuid:f81-7dec-14a06cf1>"
          ;pub-gruu="sip:alice@example.com;gr=urn:uuid:f81-7dec-14a06cf1"
          ;temp-gruu="sip:87ash54=3dd.98a@example.com;gr"
          ;expires=3600


        """;

    const string Invite = """
        INVITE sip:bob@203.0.113.22:5060 SIP/2.0
        Via: SIP/2.0/UDP proxy.example.com;branch=z9hG4bKhjhjqw32c
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks
        Record-Route: <sip:proxy.example.com;transport=udp;lr>,
          <sip:h7kjh12s@proxy.example.com:443;transport=ws;lr>
        From: sip:alice@example.com;tag=asdyka899
        To: sip:bob@example.com
        Call-ID: asidkj3ss
        CSeq: 1 INVITE
        Max-Forwards: 69
        Supported: path, outbound, gruu
        Contact: <sip:alice@example.com;gr=urn:uuid:f81-7dec-14a06cf1;ob>
        Content-Type: application/sdp

        v=0
        """;

    const string Ack = """
        ACK sip:bob@203.0.113.22:5060;transport=udp SIP/2.0
        Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKhgqqp090
        Route: <sip:h7kjh12s@proxy.example.com:443;transport=ws;lr>,
          <sip:proxy.example.com;transport=udp;lr>
        From: sip:alice@example.com;tag=asdyka899
        To: sip:bob@example.com;tag=bmqkjhsd
        Call-ID: asidkj3ss
        CSeq: 1 ACK
        Max-Forwards: 70


        """;

    const string Bye = """
        BYE sip:alice@example.com;gr=urn:uuid:f81-7dec-14a06cf1;ob SIP/2.0
        Via: SIP/2.0/WSS proxy.example.com:443;branch=z9hG4bKmma01m3r5
        Via: SIP/2.0/UDP 203.0.113.22;branch=z9hG4bKbiuiansd001
        From: sip:bob@example.com;tag=bmqkjhsd
        To: sip:alice@example.com;tag=asdyka899
        Call-ID: asidkj3ss
        CSeq: 1201 BYE
        Max-Forwards: 69


        """;

    static readonly MessageCheck Proxy = new() { IsProxy = true };

    [Theory]
    [InlineData(Register)]
    [InlineData(Invite)]
    [InlineData(Ack)]
    [InlineData(Bye)]
    public void A_request_of_section_8_is_accepted(string text)
    {
        var message = Wire.Message(text);
        Assert.Null(Proxy.Request(message));
        Assert.Equal(Wire.Bytes(text), message.ToBytes());
    }

    [Fact]
    public void A_response_of_section_8_is_accepted()
    {
        var message = Wire.Message(Registered);
        Assert.Null(Proxy.Response(message));
        Assert.Equal(SipMethod.Register, message.Method);
        Assert.Equal("<urn:uuid:f81-7dec-14a06cf1>", message.Contacts[0].Parameters["+sip.instance"]);
        Assert.Equal(3600u, message.Contacts[0].Expires);
    }

    [Fact]
    public void Without_a_Content_Length_the_frame_is_the_body()
    {
        var message = Wire.Message(Invite);
        Assert.Equal("v=0"u8, message.Body.Span);
        Assert.Equal(["proxy.example.com", "h7kjh12s@proxy.example.com:443"],
            message.RecordRoutes.Select(r => r.Uri.AddressOfRecord["sip:".Length..]));
        message.SetContentLength();
        Assert.Equal("3", message.Get(HeaderName.ContentLength));
    }

    [Theory]
    [InlineData(4, "400 body shorter than Content-Length")]
    [InlineData(2, "400 body longer than Content-Length")]
    [InlineData(3, null)]
    public void A_Content_Length_must_fit_its_frame(int length, string? owed)
    {
        var refusal = Proxy.Request(Wire.Message(Invite.Replace("Content-Type", $"Content-Length: {length}\nContent-Type")));
        Assert.Equal(owed, refusal is null ? null : $"{refusal.Status} {refusal.Why}");
    }

    [Fact]
    public void A_Via_of_a_WebSocket_is_reliable_and_one_of_UDP_is_not()
    {
        Assert.True(Wire.Message(Register).TopVia!.IsReliable);
        Assert.False(Wire.Message(Invite).TopVia!.IsReliable);
    }
}
