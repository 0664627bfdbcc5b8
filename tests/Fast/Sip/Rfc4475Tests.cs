using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

/// <summary>Every message of RFC 4475, byte for byte from its archive (appendix A), with what it gets here.</summary>
public class Rfc4475Tests
{
    /// <summary>Name in the archive, section, and the verdict: accepted, a status that is owed, or dropped.</summary>
    public static TheoryData<string, string, string> Verdicts => new()
    {
        // 3.1.1 valid messages
        // wsinv and longreq are well-formed; their top Vias are of RFC 2543, whose matching is not done here.
        { "wsinv", "3.1.1.1", "400 Via without a branch of RFC 3261" },
        { "intmeth", "3.1.1.2", "accepted" },
        { "esc01", "3.1.1.3", "accepted" },
        { "escnull", "3.1.1.4", "accepted" },
        { "esc02", "3.1.1.5", "accepted" },
        { "lwsdisp", "3.1.1.6", "accepted" },
        { "longreq", "3.1.1.7", "400 Via without a branch of RFC 3261" },
        { "dblreq", "3.1.1.8", "accepted" },
        { "semiuri", "3.1.1.9", "accepted" },
        { "transports", "3.1.1.10", "accepted" },
        { "mpart01", "3.1.1.11", "accepted" },
        { "unreason", "3.1.1.12", "accepted" },
        { "noreason", "3.1.1.13", "accepted" },
        // 3.1.2 invalid messages
        { "badinv01", "3.1.2.1", "400 Via malformed" },
        { "clerr", "3.1.2.2", "400 body shorter than Content-Length" },
        { "ncl", "3.1.2.3", "400 Content-Length malformed" },
        { "scalar02", "3.1.2.4", "400 CSeq malformed or above 2^31-1" },
        { "scalarlg", "3.1.2.5", "dropped: CSeq malformed or above 2^31-1" },
        { "quotbal", "3.1.2.6", "400 To malformed" },
        { "ltgtruri", "3.1.2.7", "400 Request-URI malformed" },
        { "lwsruri", "3.1.2.8", "400 Request-URI malformed" },
        { "lwsstart", "3.1.2.9", "400 Request-URI malformed" },
        { "trws", "3.1.2.10", "400 space at the end of the request line" },
        { "escruri", "3.1.2.11", "400 headers in the Request-URI" },
        // "An element shouldn't do that unless the contents of the Date header field were actually important".
        { "baddate", "3.1.2.12", "accepted" },
        { "regbadct", "3.1.2.13", "400 Contact malformed" },
        { "badaspec", "3.1.2.14", "400 To malformed" },
        // Beside the display names, the archive's copy has no empty line.
        { "baddn", "3.1.2.15", "400 no empty line after the headers" },
        { "badvers", "3.1.2.16", "505 SIP/7.0" },
        { "mismatch01", "3.1.2.17", "400 CSeq of another method" },
        { "mismatch02", "3.1.2.18", "400 CSeq of another method" },
        { "bigcode", "3.1.2.19", "dropped: StartLine" },
        // 3.2 transaction layer, 3.3 application layer, 3.4 backward compatibility
        { "badbranch", "3.2.1", "400 Via without a branch of RFC 3261" },
        { "insuf", "3.3.1", "400 From missing" },
        { "unkscm", "3.3.2", "416 nobodyknowsthisscheme" },
        { "novelsc", "3.3.3", "416 soap.beep" },
        { "unksm2", "3.3.4", "accepted" },
        { "bext01", "3.3.5", "420 noProxiesSupportThis, norDoAnyProxiesSupportThis" },
        { "invut", "3.3.6", "accepted" },
        { "regaut01", "3.3.7", "accepted" },
        { "multi01", "3.3.8", "400 From more than once" },
        { "mcl01", "3.3.9", "400 Content-Length more than once" },
        { "bcast", "3.3.10", "dropped: Via names a broadcast address" },
        { "zeromf", "3.3.11", "483 Max-Forwards is 0" },
        { "cparam01", "3.3.12", "accepted" },
        { "cparam02", "3.3.13", "accepted" },
        { "regescrt", "3.3.14", "accepted" },
        { "sdp01", "3.3.15", "accepted" },
        { "inv2543", "3.4.1", "400 Via without a branch of RFC 3261" },
        // In the archive, not in the text: no version in its request line, and a line without a colon.
        { "test", "-", "dropped: HeaderLine" },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void A_torture_message_gets_its_verdict(string name, string section, string verdict)
    {
        _ = section;
        Assert.Equal(verdict, Judge(Bytes(name)));
    }

    [Fact]
    public void No_message_of_the_archive_lacks_a_verdict() => Assert.Equal(
        typeof(Rfc4475Tests).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("rfc4475/", StringComparison.Ordinal)).Order(),
        Verdicts.Select(row => $"rfc4475/{row.Data.Item1}").Order());

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void A_torture_message_that_is_held_is_written_as_it_was_read(string name, string section, string verdict)
    {
        _ = (section, verdict);
        var bytes = Bytes(name);
        if (!SipMessage.TryParse(bytes, out var message, out _) || name == "baddn") return;
        Assert.Equal(bytes[..^Math.Max(0, message.Surplus)], message.ToBytes());
    }

    [Fact]
    public void A_short_tortuous_invite_is_read_right()
    {
        var message = Message("wsinv");
        Assert.Equal(["9ikj8", "30239"], message.Vias.Skip(1).Select(v => v.Branch![Via.MagicCookie.Length..]));
        Assert.Equal(["UDP", "TCP", "UDP"], message.Vias.Select(v => v.Transport));
        Assert.Equal("1918181833n", message.To!.Tag);
        Assert.Equal("J Rosenberg \\\"", message.From!.DisplayName);
        Assert.Equal("98asjd8", message.From.Tag);
        Assert.Equal(68u, message.MaxForwards);
        Assert.Equal(new CSeq(9, SipMethod.Invite), message.CSeq);
        Assert.Equal("newfangled value continued newfangled value", message.Get("NewFangledHeader"));
        Assert.Equal("", message.Get(HeaderName.Subject));
        Assert.Equal("Quoted string \"\"", message.Contacts[0].DisplayName);
        Assert.Equal(["newparam=newvalue", "secondparam", "q=0.33"], message.Contacts[0].Parameters.Select(p => p.ToString()));
        Assert.True(message.TopRoute!.Uri.Parameters.Has("lr"));
        Assert.Equal(150, message.Body.Length);
    }

    [Fact]
    public void A_short_tortuous_invite_with_a_branch_of_today_is_accepted() =>
        Assert.Equal("accepted", Judge(Wire.Bytes(Wire.Latin1(Bytes("wsinv")).Replace("390skdjuw", "z9hG4bK390skdjuw"))));

    [Fact]
    public void A_display_name_of_other_than_tokens_is_malformed() =>
        Assert.Equal("400 From malformed", Judge([.. Bytes("baddn"), .. "\r\n"u8]));

    [Fact]
    public void A_wide_range_of_valid_characters_is_read_right()
    {
        var message = Message("intmeth");
        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", message.Method);
        Assert.Equal("BEL:\a NUL:\0 DEL:\x7f", message.To!.DisplayName);
        Assert.Equal("token1~` token2'+_ token3*%!.-", message.From!.DisplayName);
        Assert.Equal("_token~1'+`*%!-.", message.From.Tag);
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", message.RequestUri!.User);
        Assert.Equal("&it+has=1,weird!*pas$wo~d_too.(doesn't-it)", message.RequestUri.Password);
    }

    [Fact]
    public void Escapes_are_undone_where_they_mean_the_same_and_only_there()
    {
        var message = Message("esc01");
        Assert.Equal("sips%3Auser%40example.com", message.RequestUri!.User);
        Assert.Equal("user", message.To!.Uri.User);
        var contact = message.Contacts[0].Uri;
        Assert.Equal("caller", contact.User);
        Assert.True(contact.Parameters.Has("lr"));
        // %25%34%31 is "%41" after one pass, and one pass is all.
        Assert.Equal("value%2541", contact.Parameters["name"]);
        Assert.Equal("%00", Message("escnull").Contacts[0].Uri.User);
        Assert.Equal("RE%47IST%45R", Message("esc02").Method);
        Assert.Equal(2, Message("esc02").Contacts.Count);
        Assert.Equal("%Z%45", Message("esc02").To!.DisplayName);
    }

    [Fact]
    public void Parameters_belong_to_the_header_or_to_the_uri_by_the_brackets()
    {
        var outside = Message("cparam01").Contacts[0];
        Assert.True(outside.Parameters.Has("unknownparam"));
        Assert.False(outside.Uri.Parameters.Has("unknownparam"));
        var inside = Message("cparam02").Contacts[0];
        Assert.False(inside.Parameters.Has("unknownparam"));
        Assert.True(inside.Uri.Parameters.Has("unknownparam"));
        Assert.Equal("Route=%3Csip:sip.example.com%3E", Message("regescrt").Contacts[0].Uri.Headers);
    }

    [Fact]
    public void A_refused_torture_message_can_be_answered()
    {
        foreach (var row in Verdicts)
        {
            var (name, _, verdict) = row.Data;
            if (!char.IsAsciiDigit(verdict[0])) continue;
            var request = Message(name);
            var refusal = Proxy.Request(request)!;
            Assert.True(refusal.TryAnswer(request, "tag", out var response), name);
            Assert.True(SipMessage.TryParse(response.ToBytes(), out var again, out _), name);
            Assert.Equal(refusal.Status, again.Status);
        }
    }

    static readonly MessageCheck Proxy = new() { IsProxy = true, IsDatagram = true };

    static string Judge(byte[] bytes)
    {
        if (!SipMessage.TryParse(bytes, out var message, out var error)) return $"dropped: {error.Fault}";
        if (message.IsResponse) return Proxy.Response(message) is { } why ? $"dropped: {why}" : "accepted";
        return Proxy.Request(message) is { } refusal ? $"{refusal.Status} {refusal.Why}" : "accepted";
    }

    static SipMessage Message(string name)
    {
        Assert.True(SipMessage.TryParse(Bytes(name), out var message, out _), name);
        return message;
    }

    internal static byte[] Bytes(string name)
    {
        using var resource = typeof(Rfc4475Tests).Assembly.GetManifestResourceStream($"rfc4475/{name}")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
