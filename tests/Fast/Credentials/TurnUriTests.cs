using CsCheck;
using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

public class TurnUriTests
{
    [Theory]
    [InlineData("turn:example.org", "turn:example.org", 3478)]
    [InlineData("turns:example.org", "turns:example.org", 5349)]
    [InlineData("turn:example.org:8000", "turn:example.org:8000", 8000)]
    [InlineData("turn:example.org?transport=udp", "turn:example.org?transport=udp", 3478)]
    [InlineData("TURNS:example.org:443?TRANSPORT=TCP", "turns:example.org:443?transport=tcp", 443)]
    [InlineData("turn:example.org?transport=quic-1", "turn:example.org?transport=quic-1", 3478)]
    [InlineData("turn:192.0.2.1:1", "turn:192.0.2.1:1", 1)]
    [InlineData("turn:[2001:db8::1]", "turn:[2001:db8::1]", 3478)]
    [InlineData("turn:[2001:db8::1]:65535?transport=udp", "turn:[2001:db8::1]:65535?transport=udp", 65535)]
    [InlineData("turn:example.org:", "turn:example.org", 3478)]
    public void What_RFC_7065_allows_is_read_and_written_again(string text, string expected, int port)
    {
        Assert.True(TurnUri.TryParse(text, out var uri));
        Assert.Equal(expected, uri.ToString());
        Assert.Equal(port, uri.EffectivePort);
    }

    [Theory]
    [InlineData("")]
    [InlineData("turn")]
    [InlineData("turn:")]
    [InlineData("turn::3478")]
    [InlineData("stun:example.org")]
    [InlineData("turn://example.org")]
    [InlineData("turn:user@example.org")]
    [InlineData("turn:example.org:0")]
    [InlineData("turn:example.org:65536")]
    [InlineData("turn:example.org:-1")]
    [InlineData("turn:example.org:+1")]
    [InlineData("turn:example.org: 1")]
    [InlineData("turn:example.org:000080")]
    [InlineData("turn:example.org?")]
    [InlineData("turn:example.org?transport=")]
    [InlineData("turn:example.org?transport=udp&x=y")]
    [InlineData("turn:example.org?x=y")]
    [InlineData("turn:2001:db8::1")]
    [InlineData("turn:[2001:db8::1")]
    [InlineData("turn:[192.0.2.1]")]
    [InlineData("turn:[2001:db8::1%25eth0]")]
    [InlineData("turn:[]")]
    [InlineData("turn:[[::1]")]
    [InlineData("turn:[::1/64]")]
    [InlineData("turn:[2001:db8::1]x")]
    [InlineData("turn:exa mple.org")]
    [InlineData("turn:example.org\r\n")]
    [InlineData(" turn:example.org")]
    public void Anything_else_is_refused(string text) => Assert.False(TurnUri.TryParse(text, out _));

    [Fact]
    public void Any_text_gives_a_value_and_what_is_read_is_written_alike() =>
        Gen.OneOf(Gen.String, Gen.Char["turns:exa[]?=.019% \r"].Array[0, 20].Select(tail => "turn:" + new string(tail)))
            .Sample(text =>
        {
            if (!TurnUri.TryParse(text, out var uri)) return;
            Assert.True(TurnUri.TryParse(uri.ToString(), out var again));
            Assert.Equal(uri, again);
        });
}
