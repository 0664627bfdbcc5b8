using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class SipUriTests
{
    /// <summary>The examples of RFC 3261 §19.1.4.</summary>
    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5")]
    [InlineData(
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [InlineData(
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    [InlineData("tel:+1-201-555-0123", "tel:+12015550123")]
    [InlineData("tel:7042;phone-context=example.com", "tel:7042;PHONE-CONTEXT=example.com")]
    public void Equivalent(string a, string b)
    {
        Assert.True(SipUri.Parse(a).IsEquivalentTo(SipUri.Parse(b)));
        Assert.True(SipUri.Parse(b).IsEquivalentTo(SipUri.Parse(a)));
    }

    [Theory]
    [InlineData("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    [InlineData("sip:a%3Bb@c.example", "sip:a;b@c.example")]
    [InlineData("sip:a@c.example", "sips:a@c.example")]
    [InlineData("sip:c.example", "sip:a@c.example")]
    [InlineData("tel:7042;phone-context=example.com", "tel:7042")]
    public void Not_equivalent(string a, string b)
    {
        Assert.False(SipUri.Parse(a).IsEquivalentTo(SipUri.Parse(b)));
        Assert.False(SipUri.Parse(b).IsEquivalentTo(SipUri.Parse(a)));
    }

    [Theory]
    [InlineData("sip:alice@[2001:DB8::1]:5061;lr", "alice", "[2001:db8::1]", 5061)]
    [InlineData("sips:192.0.2.4", null, "192.0.2.4", null)]
    [InlineData("sip:+1-201;postd=22@h.example:0", "+1-201;postd=22", "h.example", 0)]
    [InlineData("tel:(020)1234.5-6", "020123456", "", null)]
    [InlineData("urn:service:sos", null, "", null)]
    public void Parts(string text, string? user, string host, int? port)
    {
        var uri = SipUri.Parse(text);
        Assert.Equal(user, uri.User);
        Assert.Equal(host, uri.Host);
        Assert.Equal(port, uri.Port);
        Assert.Equal(text, uri.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sip")]
    [InlineData("sip:")]
    [InlineData(":sip")]
    [InlineData("1x:y")]
    [InlineData("sip:@host")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:a b@c")]
    [InlineData("sip:a@b c")]
    [InlineData("sip:a%4@b")]
    [InlineData("sip:a%zz@b")]
    [InlineData("sip:a@b:")]
    [InlineData("sip:a@b:65536")]
    [InlineData("sip:a@b:1x")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[1.2.3.4]")]
    [InlineData("sip:a@[fe80::1%25eth0]")]
    [InlineData("sip:a@b;")]
    [InlineData("sip:a@b;x=")]
    [InlineData("sip:a@b;=x")]
    [InlineData("sip:a@b;x=\"y\"")]
    [InlineData("sip:a@b?")]
    [InlineData("sip:ü@b")]
    [InlineData("sip:a@b\r\nX: y")]
    [InlineData("tel:")]
    [InlineData("tel:+")]
    [InlineData("tel:+12a")]
    public void Malformed(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Fact]
    public void A_uri_made_here_is_escaped_where_it_must_be()
    {
        var uri = SipUri.Of("al ice@x:y", "edge.example", 5060).With("token", "a=b;c").With("lr");
        Assert.Equal("sip:al%20ice%40x%3Ay@edge.example:5060;token=a%3Db%3Bc;lr", uri.ToString());
        Assert.Equal(uri, SipUri.Parse(uri.ToString()));
        Assert.Equal("sip:al%20ice%40x%3Ay@edge.example:5060", uri.Without("token").Without("lr").ToString());
        Assert.Throws<ArgumentException>(() => SipUri.Of("a", "b c"));
    }

    [Fact]
    public void An_address_of_record_has_no_password_parameters_or_headers() =>
        Assert.Equal("sip:Alice@home.example", SipUri.Parse("SIP:Al%69ce:pw@Home.Example;transport=ws?a=b").AddressOfRecord);
}
