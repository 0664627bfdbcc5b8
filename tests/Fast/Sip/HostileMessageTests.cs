using System.Text;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class HostileMessageTests
{
    const string Head = "OPTIONS sip:a@b.example SIP/2.0\r\n";

    [Fact]
    public void Every_fault_has_its_value_and_its_place()
    {
        Refused("\r\n\r\n", SipFault.Empty, 4);
        Refused("", SipFault.Empty, 0);
        Refused(new string('a', SipLimits.MessageBytes + 1), SipFault.TooLarge, SipLimits.MessageBytes);
        Refused("OPTIONS sip:a@b.example\r\n\r\n", SipFault.StartLine, 0);
        Refused("\r\n\r\nSIP/2.0 99 x\r\n\r\n", SipFault.StartLine, 4);
        Refused("SIP/2.0 700 x\r\n\r\n", SipFault.StartLine, 0);
        Refused("SIP/2.0 2000 x\r\n\r\n", SipFault.StartLine, 0);
        Refused("OP TIONS\r\n sip:a@b SIP/2.0\r\n\r\n", SipFault.StartLine, 0);
        Refused("GET / HTTP/1.1\r\n\r\n", SipFault.StartLine, 0);
        Refused(Head + "To\r\n\r\n", SipFault.HeaderLine, Head.Length);
        Refused(Head + ": x\r\n\r\n", SipFault.HeaderLine, Head.Length);
        Refused(Head + "T o: x\r\n\r\n", SipFault.HeaderLine, Head.Length);
        Refused(Head + "T\0: x\r\n\r\n", SipFault.HeaderLine, Head.Length);
        Refused(Head + "To: x\nVia: y\r\n\r\n", SipFault.LoneLineBreak, Head.Length + 5);
        Refused(Head + "To: x\rVia: y\r\n\r\n", SipFault.LoneLineBreak, Head.Length + 5);
        Refused(Head + "To: x", SipFault.Truncated, Head.Length + 5);
        Refused(Head + "To: x\r", SipFault.Truncated, Head.Length + 5);
        Refused(Head + $"X: {new string('a', SipLimits.LineBytes)}\r\n\r\n", SipFault.LineTooLong, Head.Length);
        Refused(Head + $"X: {string.Concat(Enumerable.Repeat("\r\n a", SipLimits.LineBytes / 4))}\r\n\r\n",
            SipFault.LineTooLong, Head.Length);
        Refused(Head + string.Concat(Enumerable.Repeat("X:\r\n", SipLimits.Headers + 1)) + "\r\n", SipFault.TooManyHeaders,
            Head.Length + (4 * SipLimits.Headers));
    }

    [Fact]
    public void As_many_headers_as_are_allowed_are_held()
    {
        var text = Head + string.Concat(Enumerable.Repeat("X:\r\n", SipLimits.Headers)) + "\r\n";
        Assert.True(SipMessage.TryParse(Encoding.ASCII.GetBytes(text), out var message, out _));
        Assert.Equal(SipLimits.Headers, message.Count("X"));
    }

    [Fact]
    public void Too_many_parameters_are_malformed()
    {
        var many = string.Concat(Enumerable.Range(0, SipLimits.Parameters).Select(i => $";p{i}"));
        Assert.True(NameAddress.TryParse($"<sip:a@b{many}>{many}", out _));
        Assert.False(NameAddress.TryParse($"<sip:a@b{many};x>", out _));
        Assert.False(NameAddress.TryParse($"<sip:a@b>{many};x", out _));
        Assert.False(DigestCredentials.TryParse($"Digest {many.Replace(';', ',')[1..]},x", out _));
    }

    /// <summary>Sizes above every limit, straight into the readers: each looks at a byte a bounded number of times.</summary>
    [Fact]
    public void Large_values_are_read_in_linear_time()
    {
        const int Many = 100_000;
        string[] prefixes = ["", "<sip:a@b>", "sip:", "Digest ", "SIP/2.0/UDP a", "\""];
        string[] fills = [";a", ",a", "<", "\"", "\\", "\"a\",", " ", "%41", "a ", "<a>", "sip:", ":", "\"\"", "[", "a=b,"];
        foreach (var fill in fills)
        {
            var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(fill, Many)));
            var count = 0;
            foreach (var value in new ValueSplitter(text)) count += value.Length;
            Assert.InRange(count, 0, text.Length);
            foreach (var prefix in prefixes)
            {
                byte[] one = [.. Encoding.ASCII.GetBytes(prefix), .. text];
                SipUri.TryParse(one, out _);
                NameAddress.TryParse(one, out _);
                Via.TryParse(one, out _);
                TypedValue.TryParse(one, out _);
                DigestCredentials.TryParse(one, out _);
            }
        }
    }

    [Fact]
    public void A_message_of_folds_is_unfolded_to_single_spaces()
    {
        var message = Wire.Message("""
            OPTIONS sip:a@b.example SIP/2.0
            Subject:
              one	 
             	two
             
             three  
            X:y


            """);
        Assert.Equal("one two three", message.Get(HeaderName.Subject));
        Assert.Equal("y", message.Get("X"));
    }

    [Fact]
    public void Text_that_is_no_UTF_8_passes_untouched()
    {
        byte[] bytes = [.. "SIP/2.0 200 \xff\xfe"u8, 0xff, .. "\r\nX: "u8, 0xc3, 0x28, .. "\r\n\r\n"u8];
        Assert.True(SipMessage.TryParse(bytes, out var message, out _));
        Assert.Equal(bytes, message.ToBytes());
        Assert.Equal("\uFFFD(", message.Get("X"));
    }

    static void Refused(string text, SipFault fault, int offset)
    {
        Assert.False(SipMessage.TryParse(Encoding.Latin1.GetBytes(text), out var message, out var error));
        Assert.Null(message);
        Assert.Equal(new SipError(fault, offset), error);
    }
}
