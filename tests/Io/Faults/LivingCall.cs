using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>A client with an allocation, and a peer to which it has a channel: what must go on, whatever is refused to others.</summary>
sealed class LivingCall : IDisposable
{
    const ushort Channel = 0x4000;

    // At the address of the relay only relays are peers; all of 127/8 is loopback.
    readonly UdpClient _peer = new(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0)) { Client = { ReceiveTimeout = 1_000 } };
    readonly TransportAddress _relayed;
    byte _turn;

    public LivingCall(RawClient client)
    {
        Client = client;
        var answer = client.Allocate();
        Assert.Null(answer.Error);
        _relayed = answer.Relayed;
        Assert.Null(client.BindChannel(Channel, TransportAddress.From((IPEndPoint)_peer.Client.LocalEndPoint!)).Error);
    }

    public RawClient Client { get; }

    /// <summary>A datagram there and one back, and a refresh.</summary>
    public void GoesOn()
    {
        var from = Send();
        Assert.Equal(_relayed, TransportAddress.From(from));
        _peer.Send([2, _turn], from);
        Assert.Equal([2, _turn], Client.Receive());
        Assert.Null(Client.Refresh(600).Error);
    }

    /// <summary>A datagram may be lost where the system is short of memory itself: it is sent again, as any client of UDP would.</summary>
    IPEndPoint Send()
    {
        var from = new IPEndPoint(0, 0);
        _turn++;
        for (var attempts = 30; ; attempts--)
        {
            Client.SendOnChannel(Channel, [1, _turn]);
            try
            {
                Assert.Equal([1, _turn], _peer.Receive(ref from));
                return from;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut && attempts > 1)
            {
            }
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        _peer.Dispose();
    }
}
