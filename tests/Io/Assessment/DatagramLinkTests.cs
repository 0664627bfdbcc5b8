using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portunus.Assessment.Links;

namespace Portunus.Tests.Io.Assessment;

/// <summary>What an emulated network does to UDP, and what it counts.</summary>
public sealed class DatagramLinkTests : IDisposable
{
    readonly EchoServer _server = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    static DatagramLink Link(IPEndPoint? target, double loss = 0) =>
        new("STUN", "WIC", "TURN", "STUN/UDP", new(1, new(1, loss))) { Target = target };

    [Fact]
    public async Task Those_datagrams_are_lost_that_the_seed_says()
    {
        const int sent = 1000;
        const double loss = 0.03;
        await using var link = Link(_server.Datagrams, loss);
        var (up, down) = (link.Model.ChanceOf("STUN", 0, isUp: true), link.Model.ChanceOf("STUN", 0, isUp: false));
        var arrive = Enumerable.Range(0, sent).Count(_ => !up.LosesDatagram(loss));
        var comeBack = Enumerable.Range(0, arrive).Count(_ => !down.LosesDatagram(loss));
        using var client = new UdpClient();
        client.Connect(link.EndPoint);
        for (var i = 1; i <= sent; i++)
        {
            await client.SendAsync(new byte[10], Stop);
            // The kernel drops what a socket's buffer has no room for.
            if (i % 20 == 0) await Eventually.TrueAsync(() => link.Snapshot().MessagesUp == i);
        }

        await Eventually.TrueAsync(() => link.Snapshot().MessagesDown == arrive, () => $"{link.Snapshot()}, {arrive}");
        Assert.Equal(arrive, _server.Arrived);
        var counts = link.Snapshot();
        Assert.Equal((sent, 10 * sent, 10 * arrive), (counts.MessagesUp, counts.BytesUp, counts.BytesDown));
        Assert.Equal(sent - arrive + arrive - comeBack, counts.Lost);
        Assert.InRange(counts.Lost, 1, sent / 5);
    }

    [Fact]
    public async Task The_target_sees_an_address_for_each_client_and_each_has_its_answers()
    {
        await using var link = Link(null);
        using var target = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        link.Target = (IPEndPoint)target.Client.LocalEndPoint!;
        var seen = new ConcurrentQueue<(byte, bool)>();
        link.OnDatagram = (datagram, isUp) => seen.Enqueue((datagram.Span[0], isUp));
        var addresses = new HashSet<IPEndPoint>();
        for (byte i = 0; i < 5; i++)
        {
            using var client = new UdpClient();
            client.Connect(link.EndPoint);
            await client.SendAsync(new[] { i }, Stop);
            var got = await target.ReceiveAsync(Stop);
            addresses.Add(got.RemoteEndPoint);
            await target.SendAsync(got.Buffer, got.RemoteEndPoint, Stop);
            Assert.Equal(i, (await client.ReceiveAsync(Stop)).Buffer.Single());
        }

        Assert.Equal(5, addresses.Count);
        Assert.Equal((5, 5), (link.Snapshot().Connections, link.Snapshot().RoundTrips));
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(i => new[] { ((byte)i, true), ((byte)i, false) }), seen);
    }

    [Fact]
    public async Task The_client_address_that_was_silent_for_longest_gives_way()
    {
        await using var link = Link(_server.Datagrams);
        while (link.Snapshot().Connections < DatagramLink.MaxFlows + 10) // The kernel may give a port again.
        {
            using var client = new UdpClient();
            client.Connect(link.EndPoint);
            await client.SendAsync(new byte[1], Stop);
            await client.ReceiveAsync(Stop);
        }

        Assert.Equal(DatagramLink.MaxFlows, link.Flows);
    }

    [Fact]
    public async Task A_target_where_nobody_listens_ends_no_flow()
    {
        var unused = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var nowhere = (IPEndPoint)unused.Client.LocalEndPoint!;
        unused.Dispose();
        await using var link = Link(nowhere);
        using var client = new UdpClient();
        client.Connect(link.EndPoint);
        for (var i = 1; i <= 3; i++)
        {
            await client.SendAsync(new byte[1], Stop);
            await Eventually.TrueAsync(() => link.Snapshot().MessagesUp == i);
        }

        using var target = new UdpClient(nowhere);
        await Eventually.TrueAsync(async () =>
        {
            await client.SendAsync(new byte[1], Stop);
            return target.Available > 0;
        });
    }
}
