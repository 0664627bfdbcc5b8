using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Messages without the magic cookie (RFC 8489 §11).</summary>
public class ClassicStunTests
{
    static readonly byte[] Binding = [0, 1, 0, 0, .. Enumerable.Range(1, 16).Select(n => (byte)n)];
    static readonly byte[] Indication = [0, 0x11, .. Binding[2..]];

    [Fact]
    public void Over_DTLS_a_request_is_answered_500_under_its_transaction_id_of_sixteen_bytes()
    {
        var (forward, reply) = Send(ClientTransport.Dtls, Binding);
        Assert.Equal(ForwardKind.ToClient, forward.Kind);
        Assert.Equal([1, 0x11, 0, 8, .. Binding[4..], 0, 9, 0, 4, 0, 0, 5, 0], reply);
    }

    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    public void Elsewhere_it_gets_silence(ClientTransport transport) =>
        Assert.Equal(DropReason.Malformed, Send(transport, Binding).Forward.Reason);

    [Fact]
    public void An_indication_and_a_request_of_another_length_than_it_says_get_silence()
    {
        Assert.Equal(DropReason.Malformed, Send(ClientTransport.Dtls, Indication).Forward.Reason);
        Assert.Equal(DropReason.Malformed, Send(ClientTransport.Dtls, [.. Binding, 0, 0, 0, 0]).Forward.Reason);
    }

    static (Forward Forward, byte[] Reply) Send(ClientTransport transport, byte[] message)
    {
        var stand = new TurnStand();
        var head = new byte[TurnServer.HeadSize];
        ClientPath path = new(new(TurnStand.IP("203.0.113.7:40000"), TurnStand.IP("192.0.2.1:3478"), transport), 0);
        var forward = stand.Server.OnClient(stand.Now, path, message, head);
        return (forward, head[..forward.Head]);
    }
}
