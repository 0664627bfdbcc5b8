using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Nodes;
using Portunus.Nodes.Mw;
using Portunus.Sip;
using Portunus.Turn;

namespace Portunus.Tests.Io.Mw;

public sealed class MwSocketsTests
{
    static readonly IPAddress Loopback = IPAddress.Loopback;

    [Fact]
    public void A_stranger_is_not_heard_over_UDP_and_cut_over_TCP()
    {
        using var sockets = Bind(neighbours: "127.0.0.2");
        using var end = new MwEnd(sockets);
        using var stranger = Udp(IPAddress.Parse("127.0.0.3"));
        using var neighbour = Udp(IPAddress.Parse("127.0.0.2"));
        stranger.Send(Text("stranger", "127.0.0.3"), sockets.LocalEndPoint);
        neighbour.Send(Text("neighbour", "127.0.0.2"), sockets.LocalEndPoint);
        Assert.Equal("neighbour", end.Receive().CallId);

        using var tcp = Connect(IPAddress.Parse("127.0.0.3"), sockets.LocalEndPoint);
        Assert.Equal("", ReadToEnd(tcp));
        Assert.True(end.HasNothing);
    }

    [Fact]
    public void Of_a_neighbour_it_is_told_whether_it_may_vouch_for_users()
    {
        using var sockets = Bind(neighbours: "127.0.0.0", bits: 8, trusted: "127.0.0.2");
        using var end = new MwEnd(sockets);
        foreach (var (address, isTrusted) in new[] { ("127.0.0.2", true), ("127.0.0.3", false), ("127.0.0.2", true) })
        {
            using var neighbour = Udp(IPAddress.Parse(address));
            neighbour.Send(Text("asks", address), sockets.LocalEndPoint);
            end.Receive();
            Assert.Equal(isTrusted, end.IsTrusted);
        }
    }

    [Fact]
    public void A_request_to_a_stranger_or_to_nobody_is_answered_503_at_once()
    {
        using var gone = Bind();
        gone.Dispose();
        using var sockets = Bind(nextHop: gone.LocalEndPoint, tcp: true);
        using var end = new MwEnd(sockets);
        end.Send(Parse(Text("nobody", "edge.example")));
        Assert.Equal((503, "nobody"), Of(end.Receive()));
        // Within the rest it is not tried again.
        end.Send(Parse(Text("again", "edge.example")));
        Assert.Equal((503, "again"), Of(end.Receive()));

        var far = Parse(Text("stranger", "edge.example"));
        far.Add(HeaderName.Route, "<sip:192.0.2.1;lr>");
        end.Send(far);
        Assert.Equal((503, "stranger"), Of(end.Receive()));
        // Nobody is owed an answer to an ACK, and a response is none's to answer.
        end.Send(SipMessage.Response(far, 200));
        Assert.True(end.HasNothing);
    }

    [Fact]
    public async Task After_a_neighbour_has_come_back_it_is_reached_again()
    {
        var first = Bind();
        var at = first.LocalEndPoint;
        using var sockets = Bind(nextHop: at, tcp: true);
        using var end = new MwEnd(sockets);
        using (var before = new MwEnd(first))
        {
            end.Send(Parse(Text("before", "edge.example")));
            Assert.Equal("before", before.Receive().CallId);
        }

        using var after = new MwEnd(await RebindAsync(at));
        for (var i = 0; ; i++)
        {
            // Until the end of the old connection has been noticed, what is sent on it is lost or answered 503.
            end.Send(Parse(Text($"after{i}", "edge.example")));
            if (!after.HasNothing) break;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }

        Assert.StartsWith("after", after.Receive().CallId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_request_goes_by_UDP_after_all_where_nobody_takes_connections()
    {
        using var udp = Udp(Loopback);
        using var sockets = Bind(nextHop: (IPEndPoint)udp.Client.LocalEndPoint!);
        using var end = new MwEnd(sockets);
        end.Send(Parse(Text("long", "edge.example", body: 3000)));
        var from = new IPEndPoint(IPAddress.Any, 0);
        udp.Client.ReceiveTimeout = 30_000;
        var arrived = Parse(udp.Receive(ref from));
        Assert.Equal("long", arrived.CallId);
        Assert.Equal("UDP", arrived.TopVia!.Transport);
    }

    [Fact]
    public void The_top_Via_says_what_carries_the_request_and_where_it_came_from()
    {
        using var core = Bind();
        using var coreEnd = new MwEnd(core);
        using var edge = Bind(nextHop: core.LocalEndPoint);
        using var edgeEnd = new MwEnd(edge);
        edgeEnd.Send(Parse(Text("short", "edge.example")));
        var via = coreEnd.Receive().TopVia!;
        Assert.Equal(("UDP", "127.0.0.1", null), (via.Transport, via.Parameters["received"], via.Parameters["rport"]));

        edgeEnd.Send(Parse(Text("long", "edge.example", body: 2000)));
        via = coreEnd.Receive().TopVia!;
        Assert.Equal(("TCP", "127.0.0.1"), (via.Transport, via.Parameters["received"]));
        Assert.NotEqual($"{edge.LocalEndPoint.Port}", via.Parameters["rport"]);
    }

    [Fact]
    public void A_sender_that_asks_for_rport_is_answered_where_it_sent_from()
    {
        using var sockets = Bind();
        using var end = new MwEnd(sockets);
        using var udp = Udp(Loopback);
        udp.Send(Text("asks", "127.0.0.1:1;rport"), sockets.LocalEndPoint);
        end.Send(SipMessage.Response(end.Receive(), 200));
        var from = new IPEndPoint(IPAddress.Any, 0);
        udp.Client.ReceiveTimeout = 30_000;
        Assert.Equal((200, "asks"), Of(Parse(udp.Receive(ref from))));
    }

    [Fact]
    public void A_stream_may_come_byte_by_byte_and_its_keep_alive_is_answered()
    {
        using var sockets = Bind();
        using var end = new MwEnd(sockets);
        using var tcp = Connect(Loopback, sockets.LocalEndPoint);
        foreach (var b in "\r\n\r\n"u8.ToArray().Concat(Text("slow", "127.0.0.1", transport: "TCP", body: 5))) tcp.Send([b]);
        var request = end.Receive();
        Assert.Equal((5, "slow"), (request.Body.Length, request.CallId));
        Assert.Equal("\r\n", Read(tcp, 2));

        // The response takes the connection of its request, whatever the sent-by.
        end.Send(SipMessage.Response(request, 202));
        Assert.StartsWith("SIP/2.0 202", Read(tcp, 11), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_connection_is_gone_a_response_goes_to_the_sent_by()
    {
        using var sockets = Bind();
        using var end = new MwEnd(sockets);
        using var listener = new TcpListener(Loopback, 0);
        listener.Start();
        using (var tcp = Connect(Loopback, sockets.LocalEndPoint))
            tcp.Send(Text("gone", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", transport: "TCP"));
        var request = end.Receive();
        // The machine may answer before the end of the connection is noticed; then that answer is lost with it.
        await Eventually.TrueAsync(() =>
        {
            end.Send(SipMessage.Response(request, 200));
            return listener.Pending();
        });

        using var back = listener.AcceptSocket();
        Assert.StartsWith("SIP/2.0 200", Read(back, 11), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_that_wait_when_their_connection_ends_go_to_the_sent_by()
    {
        using var sockets = Bind();
        using var end = new MwEnd(sockets);
        using var listener = new TcpListener(Loopback, 0);
        listener.Start();
        using (var tcp = Connect(Loopback, sockets.LocalEndPoint))
        {
            tcp.Send(Text("waits", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", transport: "TCP"));
            var request = end.Receive();
            // 24 MB, more than the buffers of both ends take from a writer while nobody reads.
            for (var i = 0; i < 400; i++)
            {
                var response = SipMessage.Response(request, 200);
                response.SetBody("text/plain", new byte[60_000]);
                end.Send(response);
            }
        }

        await Eventually.TrueAsync(listener.Pending);
        using var back = listener.AcceptSocket();
        back.ReceiveTimeout = 30_000;
        Assert.StartsWith("SIP/2.0 200", Read(back, 11), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n")]
    [InlineData("\rx")]
    public void What_is_no_SIP_ends_the_connection(string text)
    {
        using var sockets = Bind();
        using var end = new MwEnd(sockets);
        using var tcp = Connect(Loopback, sockets.LocalEndPoint);
        tcp.Send(Encoding.ASCII.GetBytes(text));
        Assert.Equal("", ReadToEnd(tcp));
        Assert.True(end.HasNothing);
    }

    [Fact]
    public void A_taken_port_is_refused_with_a_sentence()
    {
        using var first = Bind();
        var refused = Assert.Throws<RefusedException>(() => MwSockets.Bind(
            new() { Listen = first.LocalEndPoint, ListenName = "epcscf.core.listen" }, NullLogger.Instance));
        Assert.StartsWith("epcscf.core.listen: port", refused.Message, StringComparison.Ordinal);
    }

    static MwSockets Bind(IPEndPoint? nextHop = null, bool tcp = false, string neighbours = "127.0.0.1", int bits = 32,
        string? trusted = null) => MwSockets.Bind(
        new()
        {
            Listen = new(Loopback, 0),
            NextHop = nextHop is null ? null : new("127.0.0.1", (ushort)nextHop.Port),
            PrefersTcp = tcp,
            Neighbours = [AddressRange.Parse($"{neighbours}/{bits}")],
            TrustedNodes = trusted is null ? null : [AddressRange.Parse($"{trusted}/32")],
        },
        NullLogger.Instance);

    /// <summary>The old socket's close may take the system a moment.</summary>
    static async Task<MwSockets> RebindAsync(IPEndPoint at)
    {
        MwSockets? bound = null;
        await Eventually.TrueAsync(() =>
        {
            try
            {
                bound = MwSockets.Bind(
                    new() { Listen = at, Neighbours = [AddressRange.Parse("127.0.0.0/8")] }, NullLogger.Instance);
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        });
        return bound!;
    }

    static UdpClient Udp(IPAddress address) => new(new IPEndPoint(address, 0));

    static Socket Connect(IPAddress from, IPEndPoint to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        socket.Bind(new IPEndPoint(from, 0));
        socket.Connect(to);
        return socket;
    }

    static string Read(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
            if (socket.Receive(bytes.AsSpan(read)) is > 0 and var count) read += count;
            else break;
        return Encoding.ASCII.GetString(bytes);
    }

    /// <summary>A connection that was cut over unread bytes is reset: an end like any other.</summary>
    static string ReadToEnd(Socket socket)
    {
        try
        {
            var bytes = new byte[4096];
            var count = socket.Receive(bytes);
            return Encoding.ASCII.GetString(bytes, 0, count);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }

    static byte[] Text(string callId, string sentBy, string transport = "UDP", int body = 0) => Encoding.ASCII.GetBytes(
        $"""
        OPTIONS sip:ims.example SIP/2.0
        Via: SIP/2.0/{transport} {sentBy};branch=z9hG4bK{callId}
        Max-Forwards: 69
        From: <sip:alice@ims.example>;tag=a
        To: <sip:bob@ims.example>
        Call-ID: {callId}
        CSeq: 1 OPTIONS
        Content-Length: {body}


        """.ReplaceLineEndings("\r\n") + new string('b', body));

    static SipMessage Parse(byte[] bytes)
    {
        Assert.True(SipMessage.TryParse(bytes, out var message, out var error), error.ToString());
        return message;
    }

    static (int Status, string? CallId) Of(SipMessage message) => (message.Status, message.CallId);
}
