using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;

namespace Portunus.Tests.Io.Relay;

/// <summary>Plain UDP and DTLS at one address and port (RFC 8489 §8.1), told apart by the first byte (RFC 7983).</summary>
public sealed class DtlsPortTests
{
    static readonly ClientTransport[] Both = [ClientTransport.Udp, ClientTransport.Dtls];

    public static TheoryData<DataPath, bool> Ways => new()
    {
        { DataPath.Portable, true }, { DataPath.Portable, false }, { DataPath.Auto, true }, { DataPath.Auto, false },
    };

    [Theory, MemberData(nameof(Ways))]
    public void One_client_address_has_an_allocation_by_each_and_they_talk(DataPath path, bool isUdpFirst)
    {
        using var stand = new DtlsPortStand(path, InOrder(isUdpFirst));
        var wire = stand.Connect();
        var (secret, plain) = (stand.Client(wire), stand.Client(wire.Plain));
        var (one, other) = (secret.Allocate(), plain.Allocate());
        Assert.Equal((null, null), (one.Error, other.Error));
        Assert.Equal(one.Mapped, other.Mapped);
        Assert.NotEqual(one.Relayed, other.Relayed);
        Assert.Equal(Both, stand.Node.Sessions().Select(session => session.Client.Transport).Order());

        Assert.Null(secret.BindChannel(0x4000, other.Relayed).Error);
        Assert.Null(plain.BindChannel(0x4001, one.Relayed).Error);
        for (byte burst = 0; burst < 20; burst++)
        {
            for (byte i = 0; i < 40; i++)
            {
                secret.SendOnChannel(0x4000, [1, burst, i]);
                plain.SendOnChannel(0x4001, [2, burst, i]);
            }

            for (byte i = 0; i < 40; i++) Assert.Equal([1, burst, i], plain.Receive());
            for (byte i = 0; i < 40; i++) Assert.Equal([2, burst, i], secret.Receive());
        }

        Assert.Null(plain.Refresh(0).Error);
        Assert.Equal(ClientTransport.Dtls, Assert.Single(stand.Node.Sessions()).Client.Transport);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Each_counts_what_came_and_went_by_it(DataPath path, bool isUdpFirst)
    {
        using var stand = new DtlsPortStand(path, InOrder(isUdpFirst));
        var (udp, dtls) = (stand.Counters(ClientTransport.Udp), stand.Counters(ClientTransport.Dtls));
        Assert.Null(stand.Plain().Bind().Error);
        await Eventually.TrueAsync(() => udp.Sent == 1);
        Assert.Equal((1, 0, 0), (udp.Received, dtls.Received, dtls.Sent));

        Assert.Null(stand.Client(stand.Connect()).Bind().Error);
        Assert.Equal((1, 1), (udp.Received, udp.Sent));
        await Eventually.TrueAsync(() => dtls is { Received: > 0, Sent: > 0, ReceivedBytes: >= 20, SentBytes: > 20 });
        Assert.Equal(1, stand.Loop.CookiesSent);
        Assert.Equal(1, stand.Node.Decisions[0].By(ClientTransport.Dtls).SuccessesOf(StunMethod.Binding));
        Assert.Equal(1, stand.Node.Decisions[0].By(ClientTransport.Udp).SuccessesOf(StunMethod.Binding));
    }

    [Fact]
    public void The_clients_of_several_workers_find_both_at_the_one_port()
    {
        Assert.SkipUnless(UdpSockets.CanShare, "several workers need Linux");
        using var stand = new DtlsPortStand(DataPath.Auto, Both, workers: 3);
        for (var i = 0; i < 10; i++)
        {
            var wire = stand.Connect();
            Assert.Null(stand.Client(wire).Allocate().Error);
            Assert.Null(stand.Client(wire.Plain).Allocate().Error);
        }

        Assert.Equal(20, stand.Node.Sessions().Length);
    }

    [Fact]
    public void Where_only_dtls_is_served_a_plain_request_is_not_answered()
    {
        using var stand = new DtlsPortStand(DataPath.Auto, [ClientTransport.Dtls]);
        var wire = stand.Connect();
        wire.Plain.Write([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]]);
        // They are taken in their order: what is answered came second.
        Assert.Null(stand.Client(wire).Bind().Error);
        Assert.Null(wire.Plain.Receive(TimeSpan.Zero));
        Assert.Equal(1, stand.Node.Decisions[0].Successes);
    }

    [Fact]
    public void Behaviour_discovery_answers_from_the_address_that_is_asked_for_where_dtls_is_heard_at_all_four()
    {
        using var stand = new DtlsPortStand(DataPath.Auto, [.. Enumerable.Reverse(Both)], discovers: true);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var buffer = new byte[1000];
        foreach (var (place, flags) in new byte[] { 0, 2, 4, 6 }.Index())
        {
            // CHANGE-REQUEST (RFC 5780 §7.2): 2 for another port, 4 for another address.
            socket.SendTo([0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], 0, 3, 0, 4, 0, 0, 0, flags], stand.Address.ToIPEndPoint());
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            Assert.True(socket.ReceiveFrom(buffer, ref from) > 20);
            Assert.Equal(stand.Discovery!.Addresses[place].ToIPEndPoint(), from);
        }

        Assert.Null(stand.Client(stand.Connect()).Bind().Error);
    }

    [Fact]
    public void Free_ports_are_two()
    {
        using var stand = new StreamStand();
        Assert.NotEqual(stand.At(ClientTransport.Udp), stand.At(ClientTransport.Dtls));
    }

    static ClientTransport[] InOrder(bool isUdpFirst) => isUdpFirst ? Both : [.. Enumerable.Reverse(Both)];
}
