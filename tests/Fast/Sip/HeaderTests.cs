using System.Text;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class HeaderTests
{
    [Theory]
    [InlineData("v", "Via")]
    [InlineData("i", "call-id")]
    [InlineData("M", "CONTACT")]
    [InlineData("x", "Session-Expires")]
    [InlineData("turn-credential", "Turn-Credential")]
    public void A_name_is_the_same_in_any_case_and_in_its_compact_form(string a, string b)
    {
        Assert.Equal(HeaderName.Of(a), HeaderName.Of(b));
        Assert.Equal(HeaderName.Of(a).GetHashCode(), HeaderName.Of(b).GetHashCode());
    }

    [Theory]
    [InlineData("<sip:a@b>", null, "sip:a@b", "")]
    [InlineData("sip:a@b;tag=1", null, "sip:a@b", ";tag=1")]
    [InlineData("<sip:a@b;tag=1>", null, "sip:a@b;tag=1", "")]
    [InlineData("A B <sip:a@b> ; tag = \"1;2\" ;lr", "A B", "sip:a@b", ";tag=\"1;2\";lr")]
    [InlineData("\"<sip:x@y>, \\\"z\\\\\" <sip:a@b>", "<sip:x@y>, \"z\\", "sip:a@b", "")]
    [InlineData("\"\"<sip:a@b>", "", "sip:a@b", "")]
    [InlineData("caller<sip:a@b>", "caller", "sip:a@b", "")]
    [InlineData("<sip:a@b>;tag=1;x;TAG=2", null, "sip:a@b", ";tag=1;x")]
    public void An_address_is_read(string text, string? name, string uri, string parameters)
    {
        Assert.True(NameAddress.TryParse(text, out var address));
        Assert.Equal(name, address.DisplayName);
        Assert.Equal(uri, address.Uri.ToString());
        Assert.Equal(parameters, address.Parameters.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"A <sip:a@b>")]
    [InlineData("A <sip:a@b")]
    [InlineData("<sip:a@b>x")]
    [InlineData("<sip:a@b>;")]
    [InlineData("<sip:a@b>;tag=")]
    [InlineData("<sip:a@b>;tag=\"1")]
    [InlineData("\"A\" sip:a@b")]
    [InlineData("sip:a@b?x=y")]
    [InlineData("< sip:a@b>")]
    [InlineData("A, B <sip:a@b>")]
    [InlineData("Ä <sip:a@b>")]
    public void An_address_that_is_none_is_refused(string text) => Assert.False(NameAddress.TryParse(text, out _));

    [Theory]
    [InlineData("SIP/2.0/UDP h.example", "UDP", "h.example", null)]
    [InlineData("sip / 2.0 / ws h.example : 5060 ; branch = z9hG4bK1", "WS", "h.example:5060", "z9hG4bK1")]
    [InlineData("SIP/2.0/WSS [2001:db8::9:1];branch=z9hG4bK1;received=2001:db8::1;rport=4", "WSS", "[2001:db8::9:1]", "z9hG4bK1")]
    public void A_via_is_read(string text, string transport, string sentBy, string? branch)
    {
        Assert.True(Via.TryParse(text, out var via));
        Assert.Equal((transport, sentBy, branch), (via.Transport, via.SentBy.ToString(), via.Branch));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0")]
    [InlineData("SIP/2.0/UDP")]
    [InlineData("SIP/2.0/UDPh.example;branch=1,")]
    [InlineData("SIP/2.0/UDP h;;")]
    [InlineData("SIP/2.0/UDP h:x")]
    [InlineData("SIP/2.0/UDP h branch=1")]
    public void A_via_that_is_none_is_refused(string text) => Assert.False(Via.TryParse(text, out _));

    [Fact]
    public void Types_and_parameters_of_our_own_headers_are_read()
    {
        const string Text = "password , oauth;realm=\"ims.example.net\"; transports=\"udp,tcp;x\";flag";
        Assert.True(TypedValue.TryParse(Text, out var value));
        Assert.Equal(["password", "oauth"], value.Types);
        Assert.Equal("udp,tcp;x", value.Parameters["transports"]);
        Assert.True(value.Parameters.Has("FLAG"));
        Assert.Equal("password, oauth;realm=\"ims.example.net\";transports=\"udp,tcp;x\";flag", value.ToHeaderText());
        Assert.False(TypedValue.TryParse("password;", out _));
        Assert.False(TypedValue.TryParse("password,;x=1", out _));
        Assert.False(TypedValue.TryParse("", out _));
    }

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , , \"b,c\" , <d,e>;f", "a||\"b,c\"|<d,e>;f")]
    [InlineData("\"a\\\",b", "\"a\\\",b")]
    [InlineData("<a,b", "<a,b")]
    [InlineData("", "")]
    [InlineData(",", "|")]
    public void Commas_in_quotes_and_brackets_separate_nothing(string line, string values)
    {
        var list = new List<string>();
        foreach (var value in new ValueSplitter(Encoding.UTF8.GetBytes(line))) list.Add(Encoding.UTF8.GetString(value));
        Assert.Equal(values, string.Join('|', list));
    }

    [Theory]
    [InlineData("1 INVITE", true)]
    [InlineData("2147483647  X", true)]
    [InlineData("2147483648 X", false)]
    [InlineData("-1 X", false)]
    [InlineData("1", false)]
    [InlineData("1 X Y", false)]
    public void A_CSeq_is_a_number_and_a_method(string text, bool good) =>
        Assert.Equal(good, CSeq.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
