using System.Text;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

/// <summary>Messages written as they read in an RFC: lines of text, CRLF put in here.</summary>
static class Wire
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    public static SipMessage Message(string text)
    {
        Assert.True(SipMessage.TryParse(Bytes(text), out var message, out var error), error.ToString());
        return message;
    }

    public static string Text(SipMessage message) => Encoding.UTF8.GetString(message.ToBytes()).ReplaceLineEndings("\n");
}
