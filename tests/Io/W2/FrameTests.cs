using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Io.W2;

public sealed class FrameTests : IAsyncLifetime
{
    // FIN and opcode (RFC 6455 §5.2).
    const byte Text = 0x81;
    const byte Binary = 0x82;
    const byte Close = 0x88;
    const byte Ping = 0x89;
    const byte TextUnfinished = 0x01;
    const byte Continued = 0x00;
    const byte ContinuedLast = 0x80;

    static readonly byte[] KeepAlive = "\r\n\r\n"u8.ToArray();

    W2Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await W2Server.StartAsync(w2 => w2 with
    {
        CloseTime = TimeSpan.FromMilliseconds(500),
        QueueMessages = 16,
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Text)]
    [InlineData(Binary)]
    public async Task A_double_CRLF_is_answered_by_one(byte frame)
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(frame, KeepAlive);
        await AnsweredAsync(socket);
    }

    [Fact]
    public async Task A_ping_is_answered_by_a_pong_with_its_payload()
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(Ping, "hello"u8);
        var (opcode, payload) = await socket.ReadFrameAsync();
        Assert.Equal(10, opcode);
        Assert.Equal("hello"u8, payload);
    }

    [Fact]
    public async Task We_ping_a_silent_peer_and_give_up_one_that_does_not_answer()
    {
        await using var server = await W2Server.StartAsync(w2 => w2 with
        {
            PingInterval = TimeSpan.FromMilliseconds(200),
            PongTimeout = TimeSpan.FromMilliseconds(300),
        });
        using var socket = await RawSocket.OpenAsync(server.HttpPort);
        Assert.Equal(9, (await socket.ReadFrameAsync()).Opcode);
        await server.FlowsAsync(0);
    }

    [Fact]
    public async Task Fragments_are_joined_with_pings_and_empty_ones_between_them()
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(TextUnfinished, "\r\n"u8);
        await socket.SendFrameAsync(Ping, []);
        await socket.SendFrameAsync(Continued, []);
        await socket.SendFrameAsync(Continued, "\r"u8);
        await socket.SendFrameAsync(ContinuedLast, "\n"u8);
        Assert.Equal(10, (await socket.ReadFrameAsync()).Opcode);
        await AnsweredAsync(socket);
    }

    [Fact]
    public async Task A_frame_that_arrives_byte_by_byte_is_one_frame()
    {
        using var socket = await OpenAsync();
        foreach (var b in RawSocket.Frame(Text, KeepAlive)) await socket.SendAsync(new[] { b });
        await AnsweredAsync(socket);
    }

    [Fact]
    public async Task Empty_messages_and_single_line_breaks_are_passed_over()
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(Text, []);
        await socket.SendFrameAsync(Binary, []);
        await socket.SendFrameAsync(Text, "\r\n"u8);
        await socket.SendFrameAsync(Text, KeepAlive);
        await AnsweredAsync(socket);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_message_over_65535_bytes_is_closed_with_1009(int fragments)
    {
        using var socket = await OpenAsync();
        var part = new byte[(65536 + fragments - 1) / fragments];
        part.AsSpan().Fill((byte)'a');
        for (var i = 0; i < fragments; i++)
            await socket.SendFrameAsync((byte)((i == 0 ? 1 : 0) | (i == fragments - 1 ? 0x80 : 0)), part);
        Assert.Equal(1009, (await socket.ReadCloseAsync()).Code);
        await _server.FlowsAsync(0);
    }

    [Fact]
    public async Task A_message_of_65535_bytes_is_read()
    {
        using var socket = await OpenAsync();
        var message = new byte[65535];
        for (var i = 0; i < message.Length; i++) message[i] = (byte)(i % 2 == 0 ? '\r' : '\n');
        await socket.SendFrameAsync(Text, message);
        await socket.SendFrameAsync(Text, KeepAlive);
        await AnsweredAsync(socket);
    }

    [Fact]
    public async Task A_frame_that_claims_to_be_endless_costs_its_limit_and_no_more()
    {
        using var socket = await OpenAsync();
        await socket.SendAsync(new byte[] { Text, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 });
        var flood = new byte[8192];
        flood.AsSpan().Fill((byte)'a');
        for (var i = 0; i < 9; i++) await socket.SendAsync(flood);
        Assert.Equal(1009, (await socket.ReadCloseAsync()).Code);
        await _server.FlowsAsync(0);
    }

    [Fact]
    public async Task A_message_whose_end_never_comes_is_cut()
    {
        await using var server = await W2Server.StartAsync(w2 => w2 with { MessageTime = TimeSpan.FromMilliseconds(300) });
        using var socket = await RawSocket.OpenAsync(server.HttpPort);
        await server.FlowsAsync(1);

        await socket.SendFrameAsync(TextUnfinished, "REGISTER"u8);

        await server.FlowsAsync(0);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("REGISTER sip:x SIP/2.0")]
    [InlineData("REGISTER sip:x SIP/2.0\r\nno colon here\r\n\r\n")]
    [InlineData("REGISTER sip:x SIP/2.0\r\nVia: a\nb\r\n\r\n")]
    public async Task What_is_not_SIP_is_closed_with_4000_and_a_reason(string garbage)
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(Text, Encoding.UTF8.GetBytes(garbage));
        var (code, reason) = await socket.ReadCloseAsync();
        Assert.Equal(4000, code);
        Assert.StartsWith("Not a SIP message", reason, StringComparison.Ordinal);
        await _server.FlowsAsync(0);
    }

    [Theory]
    [InlineData(new byte[] { Text, 0x82, 0, 0, 0, 0, 0xc3, 0x28 }, 1007)] // not UTF-8 (§8.1)
    [InlineData(new byte[] { 0xf1, 0x80, 0, 0, 0, 0 }, 1002)] // reserved bits (§5.2)
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002)] // reserved opcode
    [InlineData(new byte[] { ContinuedLast, 0x80, 0, 0, 0, 0 }, 1002)] // a continuation of nothing (§5.4)
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, 1002)] // a control frame in fragments (§5.5)
    public async Task What_breaks_RFC_6455_is_closed_by_its_codes(byte[] frame, int code)
    {
        using var socket = await OpenAsync();
        await socket.SendAsync(frame);
        Assert.Equal(code, (await socket.ReadCloseAsync()).Code);
        await _server.FlowsAsync(0);
    }

    [Fact]
    public async Task A_close_is_answered_with_its_code()
    {
        using var socket = await OpenAsync();
        await socket.SendFrameAsync(Close, [0x03, 0xe8]);
        Assert.Equal(1000, (await socket.ReadCloseAsync()).Code);
        await _server.FlowsAsync(0);
    }

    [Fact]
    public async Task A_socket_closed_on_one_side_or_cut_is_forgotten()
    {
        using var half = await OpenAsync();
        using var cut = await OpenAsync();
        await _server.FlowsAsync(2);
        half.Socket.Shutdown(SocketShutdown.Send);
        await _server.FlowsAsync(1);
        cut.Socket.LingerState = new(true, 0);
        cut.Socket.Close();
        await _server.FlowsAsync(0);
    }

    [Fact]
    public async Task Who_writes_and_never_reads_is_cut_and_others_are_served()
    {
        using var slow = await RawSocket.OpenAsync(_server.HttpPort, receiveBuffer: 4096);
        using var other = await OpenAsync();
        await _server.FlowsAsync(2);
        var burst = Enumerable.Repeat(RawSocket.Frame(Text, KeepAlive), 10_000).SelectMany(frame => frame).ToArray();
        var flood = Task.Run(async () =>
        {
            while (true) await slow.SendAsync(burst);
        }, TestContext.Current.CancellationToken);

        await _server.FlowsAsync(1);
        await Assert.ThrowsAnyAsync<IOException>(() => flood);
        await other.SendFrameAsync(Text, KeepAlive);
        await AnsweredAsync(other);
    }

    [Fact]
    public async Task When_the_server_stops_every_flow_is_closed_with_1001()
    {
        var server = await W2Server.StartAsync();
        using var socket = await RawSocket.OpenAsync(server.HttpPort);
        await server.FlowsAsync(1);
        var stopping = server.DisposeAsync();
        Assert.Equal(1001, (await socket.ReadCloseAsync()).Code);
        await socket.SendFrameAsync(Close, [0x03, 0xe9]);
        await stopping;
    }

    Task<RawSocket> OpenAsync() => RawSocket.OpenAsync(_server.HttpPort);

    static async Task AnsweredAsync(RawSocket socket)
    {
        var (opcode, payload) = await socket.ReadFrameAsync();
        Assert.Equal(1, opcode);
        Assert.Equal("\r\n"u8, payload);
    }
}
