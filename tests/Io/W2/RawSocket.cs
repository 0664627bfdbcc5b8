using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Io.W2;

/// <summary>A WebSocket client that keeps no rule it is not told to keep: bytes out, frames in (RFC 6455 §5.2).</summary>
sealed class RawSocket : IDisposable
{
    readonly TcpClient _tcp;
    readonly NetworkStream _stream;
    readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    RawSocket(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public Socket Socket => _tcp.Client;

    public static async Task<RawSocket> ConnectAsync(int port, int? receiveBuffer = null)
    {
        var tcp = new TcpClient();
        if (receiveBuffer is { } bytes) tcp.Client.ReceiveBufferSize = bytes;
        await tcp.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return new(tcp);
    }

    /// <summary>A handshake that is accepted.</summary>
    public static async Task<RawSocket> OpenAsync(int port, int? receiveBuffer = null)
    {
        var socket = await ConnectAsync(port, receiveBuffer);
        Assert.StartsWith("HTTP/1.1 101 ", await socket.HandshakeAsync(port), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Sends a handshake; the answer with its headers.</summary>
    /// <param name="port">For the Host header.</param>
    /// <param name="change">Replaces or removes (null) headers of a right handshake.</param>
    public async Task<string> HandshakeAsync(int port, params (string Name, string? Value)[] change)
    {
        var headers = new Dictionary<string, string?>
        {
            ["Host"] = $"127.0.0.1:{port}",
            ["Upgrade"] = "websocket",
            ["Connection"] = "Upgrade",
            ["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ==",
            ["Sec-WebSocket-Version"] = "13",
            ["Sec-WebSocket-Protocol"] = "sip",
        };
        foreach (var (name, value) in change) headers[name] = value;
        var lines = headers.Where(header => header.Value is not null).Select(header => $"{header.Key}: {header.Value}\r\n");
        await SendAsync(Encoding.Latin1.GetBytes($"GET /w2 HTTP/1.1\r\n{string.Concat(lines)}\r\n"));
        return await ReadHeadAsync();
    }

    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one, _stop) == 0) break;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes, _stop);

    /// <summary>One frame with a mask of zeros, or none.</summary>
    public ValueTask SendFrameAsync(byte first, ReadOnlySpan<byte> payload, bool masked = true) =>
        SendAsync(Frame(first, payload, masked));

    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload, bool masked = true)
    {
        var head = new byte[14];
        head[0] = first;
        var length = 2;
        switch (payload.Length)
        {
            case < 126:
                head[1] = (byte)payload.Length;
                break;
            case <= 65535:
                head[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)payload.Length);
                length = 4;
                break;
            default:
                head[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), (ulong)payload.Length);
                length = 10;
                break;
        }

        if (masked)
        {
            head[1] |= 0x80;
            length += 4;
        }

        return [.. head.AsSpan(0, length), .. payload];
    }

    /// <summary>The next frame from the server; opcode -1 when the connection ended.</summary>
    public async Task<(int Opcode, byte[] Payload)> ReadFrameAsync()
    {
        try
        {
            var head = new byte[2];
            await _stream.ReadExactlyAsync(head, _stop);
            Assert.Equal(0, head[1] & 0x80);
            var length = head[1] & 0x7f;
            if (length == 126)
            {
                var more = new byte[2];
                await _stream.ReadExactlyAsync(more, _stop);
                length = BinaryPrimitives.ReadUInt16BigEndian(more);
            }

            Assert.NotEqual(127, length);
            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, _stop);
            return (head[0] & 0x0f, payload);
        }
        catch (IOException)
        {
            return (-1, []);
        }
    }

    /// <summary>Reads until the server closes: its code and reason, or 0 when it sent no close frame.</summary>
    public async Task<(int Code, string Reason)> ReadCloseAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReadFrameAsync();
            if (opcode == 8) return (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
            if (opcode < 0) return (0, "");
        }
    }

    public void Dispose() => _tcp.Dispose();
}
