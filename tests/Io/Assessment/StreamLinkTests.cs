using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Portunus.Assessment.Links;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>What an emulated network does to TCP, and what it counts.</summary>
public sealed class StreamLinkTests : IDisposable
{
    static readonly Network Near = new(1, 0);

    readonly EchoServer _server = new();
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public StreamLinkTests() => _listener.Start();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
    }

    static StreamLink Link(IPEndPoint? target, LinkModel? model = null) =>
        new("W2", "WIC", "eP-CSCF", "SIP/WSS", model ?? new(1, Near)) { Target = target };

    [Theory]
    [InlineData(SslProtocols.Tls13, 1)]
    [InlineData(SslProtocols.Tls12, 2)]
    public async Task Handshakes_are_counted_apart_from_what_comes_after(SslProtocols version, int roundTrips)
    {
        await using var link = Link(_server.Tls);
        await using var client = await EchoServer.ConnectTlsAsync(link.EndPoint, version);
        await EchoServer.EchoAsync(client);
        var first = link.Snapshot();
        Assert.Equal((1, roundTrips, 1, 1), (first.Connections, first.HandshakeRoundTrips, first.RecordsUp, first.RoundTrips));
        Assert.InRange(first.HandshakeBytes, 500, 3000);
        await EchoServer.EchoAsync(client);
        await EchoServer.EchoAsync(client);
        var later = link.Snapshot().Minus(first);
        Assert.Equal((0, 0, 0), (later.Connections, later.HandshakeRoundTrips, later.HandshakeBytes));
        Assert.Equal((2, 2, 2, 0), (later.RecordsUp, later.RecordsDown, later.RoundTrips, later.Lost));
        Assert.InRange(later.BytesUp, 200, 300);
    }

    [Fact]
    public async Task Half_of_a_connection_may_be_closed_while_the_other_goes_on()
    {
        await using var link = Link((IPEndPoint)_listener.LocalEndpoint);
        using var client = await EchoServer.ConnectAsync(link.EndPoint);
        using var server = await _listener.AcceptSocketAsync(Stop);
        await client.SendAsync(new byte[10], Stop);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(10, await ReadToEndAsync(server));
        await server.SendAsync(new byte[20], Stop);
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(20, await ReadToEndAsync(client));
        await Eventually.TrueAsync(() => link.Open == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_of_one_side_reaches_the_other(bool isByClient)
    {
        await using var link = Link((IPEndPoint)_listener.LocalEndpoint);
        using var client = await EchoServer.ConnectAsync(link.EndPoint);
        using var server = await _listener.AcceptSocketAsync(Stop);
        var (resetting, other) = isByClient ? (client, server) : (server, client);
        resetting.LingerState = new(true, 0);
        resetting.Close();
        var failed = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(other));
        Assert.Equal(SocketError.ConnectionReset, failed.SocketErrorCode);
    }

    [Fact]
    public async Task Where_nobody_listens_a_connection_is_reset()
    {
        await using var link = Link(null);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // The reset may come before it is known here that there is a connection.
            using var client = await EchoServer.ConnectAsync(link.EndPoint);
            await ReadToEndAsync(client);
        });
    }

    [Fact]
    public async Task A_side_that_does_not_read_stops_the_other_and_nothing_is_lost()
    {
        const int length = 64 << 20;
        await using var link = Link((IPEndPoint)_listener.LocalEndpoint);
        using var client = await EchoServer.ConnectAsync(link.EndPoint);
        using var server = await _listener.AcceptSocketAsync(Stop);
        var data = new byte[length];
        new Random(1).NextBytes(data);
        var sent = 0;
        var sending = SendAllAsync(client, data, length => Volatile.Write(ref sent, Volatile.Read(ref sent) + length));
        var (before, same) = (0, 0);
        await Eventually.TrueAsync(() =>
        {
            var now = Volatile.Read(ref sent);
            same = now > 0 && now == before ? same + 1 : 0;
            before = now;
            return same == 20;
        });
        Assert.InRange(before, 1, length - 1);
        var got = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = await server.ReceiveAsync(got.AsMemory(at), Stop);
            Assert.NotEqual(0, read);
            at += read;
        }

        await sending;
        Assert.True(data.AsSpan().SequenceEqual(got));
    }

    [Fact]
    public async Task A_lost_segment_comes_a_second_later_and_what_follows_waits_for_it()
    {
        const double loss = 0.3;
        var model = Enumerable.Range(1, 1000).Select(seed => new LinkModel((ulong)seed, new(1, loss))).First(model =>
        {
            var (up, down) = (model.ChanceOf("W2", 0, isUp: true), model.ChanceOf("W2", 0, isUp: false));
            return up.Syn(loss).Losses == 0 && up.Segment(loss, LinkChance.Rto).Losses == 1
                && up.Segment(loss, LinkChance.Rto).Losses == 0 && down.Segment(loss, LinkChance.Rto).Losses == 0;
        });
        await using var link = Link((IPEndPoint)_listener.LocalEndpoint, model);
        using var client = await EchoServer.ConnectAsync(link.EndPoint);
        using var server = await _listener.AcceptSocketAsync(Stop);
        var start = Stopwatch.GetTimestamp();
        await client.SendAsync(new byte[] { 1 }, Stop);
        await Eventually.TrueAsync(() => link.Snapshot().Lost == 1);
        await client.SendAsync(new byte[] { 2 }, Stop);
        var got = new byte[2];
        await server.ReceiveAsync(got.AsMemory(0, 1), Stop);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 1, double.MaxValue);
        await server.ReceiveAsync(got.AsMemory(1, 1), Stop);
        Assert.Equal([1, 2], got);
    }

    [Fact]
    public async Task A_thousand_connections_leave_nothing_behind()
    {
        await using var link = Link(_server.Plain);
        for (var batch = 0; batch < 20; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
            {
                await using var client = new NetworkStream(await EchoServer.ConnectAsync(link.EndPoint), ownsSocket: true);
                await EchoServer.EchoAsync(client);
            }));
        }

        await Eventually.TrueAsync(() => link.Open == 0);
        Assert.Equal((1000, 1000), (link.Snapshot().Connections, link.Snapshot().RoundTrips));
        await Eventually.TrueAsync(() => Sockets(link.EndPoint) == 0 && Sockets(_server.Plain) == 0);
    }

    /// <summary>Sockets of connections with this port here that are neither closed (they wait for stray packets) nor listening.</summary>
    static int Sockets(IPEndPoint here) => File.ReadLines("/proc/self/net/tcp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(row => row[1].EndsWith($":{here.Port:X4}", StringComparison.Ordinal) && row[3] is not ("06" or "0A"));

    static async Task<int> ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1000];
        for (var length = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer, Stop);
            if (read == 0) return length;
            length += read;
        }
    }

    static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> data, Action<int> sent)
    {
        while (!data.IsEmpty)
        {
            var length = await socket.SendAsync(data[..Math.Min(data.Length, 1 << 16)], Stop);
            sent(length);
            data = data[length..];
        }
    }
}
