using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class MessageCheckTests
{
    const string Options = """
        OPTIONS sip:b.example SIP/2.0
        Via: SIP/2.0/WSS a.invalid;branch=z9hG4bK1
        Max-Forwards: 70
        From: <sip:a@b.example>;tag=1
        To: <sip:b.example>
        Call-ID: 1
        CSeq: 1 OPTIONS


        """;

    static readonly MessageCheck Proxy = new() { IsProxy = true, Extensions = ["path"] };
    static readonly MessageCheck UserAgent = new() { IsProxy = false, Extensions = ["100rel"] };

    [Fact]
    public void A_sound_request_is_owed_nothing()
    {
        Assert.Null(Proxy.Request(Wire.Message(Options)));
        Assert.Null(UserAgent.Request(Wire.Message(Options)));
    }

    [Theory]
    [InlineData("Max-Forwards: 70\n", "", null)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 0", "483")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", "400")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: x", "400")]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nMax-Forwards: 70", "400")]
    [InlineData("Max-Forwards: 70", "Proxy-Require: path", null)]
    [InlineData("Max-Forwards: 70", "Proxy-Require: path, X, y", "420 X, y")]
    [InlineData("Max-Forwards: 70", "Require: anything", null)]
    [InlineData("Max-Forwards: 70", "Contact: *", "400")]
    [InlineData("Max-Forwards: 70", "Route: sip:x@", "400")]
    [InlineData("SIP/2.0\n", "SIP/3.0\n", "505")]
    [InlineData("sip:b.example SIP", "mailto:x@b.example SIP", "416")]
    [InlineData("sip:b.example SIP", "sip:b.example;method=INVITE SIP", "400")]
    [InlineData("sip:b.example SIP", "urn:service:sos SIP", null)]
    [InlineData("z9hG4bK1", "1", "400")]
    [InlineData("SIP/2.0/WSS", "SIP/3.0/WSS", "400")]
    [InlineData(";tag=1", "", "400")]
    [InlineData("1 OPTIONS", "1 options", "400")]
    [InlineData("Call-ID: 1", "Call-ID: a b", "400")]
    [InlineData("Call-ID: 1", "Call-ID: a@b@c", "400")]
    [InlineData("CSeq: 1 OPTIONS\n", "", "400")]
    public void A_proxy_owes(string part, string instead, string? owed)
    {
        var request = Wire.Message(Options.ReplaceLineEndings("\n").Replace(part, instead));
        var refusal = Proxy.Request(request);
        Assert.Equal(owed?.Split(' ')[0], refusal?.Status.ToString());
        if (refusal is null) return;
        Assert.True(refusal.TryAnswer(request, "t", out var answer));
        Assert.Equal(owed!.Contains(' ') ? owed[4..] : null, answer.Get(HeaderName.Unsupported));
    }

    [Theory]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 0", null)]
    [InlineData("Max-Forwards: 70", "Require: 100rel, outbound", "outbound")]
    [InlineData("Max-Forwards: 70", "Proxy-Require: anything", null)]
    public void A_user_agent_does_not_count_hops_and_minds_Require(string part, string instead, string? unknown) =>
        Assert.Equal(unknown, UserAgent.Request(Wire.Message(Options.Replace(part, instead)))?.Why);

    [Fact]
    public void A_request_that_is_too_large_for_this_element_is_answered_513() =>
        Assert.Equal(513, new MessageCheck { IsProxy = true, MaxBytes = 100 }.Request(Wire.Message(Options))?.Status);

    [Fact]
    public void An_ACK_is_never_answered()
    {
        var ack = Wire.Message(Options.Replace("OPTIONS", "ACK").Replace("Max-Forwards: 70", "Max-Forwards: 0"));
        var refusal = Proxy.Request(ack)!;
        Assert.Equal(483, refusal.Status);
        Assert.False(refusal.TryAnswer(ack, "t", out _));
    }

    [Fact]
    public void All_bindings_are_meant_by_a_star_in_a_REGISTER_only() => Assert.Null(Proxy.Request(
        Wire.Message(Options.Replace("OPTIONS", "REGISTER").Replace("Max-Forwards: 70", "Contact: *\nExpires: 0"))));
}
