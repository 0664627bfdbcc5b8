using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>One TCP connection of Mw, made or accepted: one reader, one writer, and a bounded queue before it.</summary>
/// <param name="owner">Takes what comes, and what could not be sent.</param>
/// <param name="peer">The other end.</param>
/// <param name="socket">Connected, or to be.</param>
/// <param name="settings">Of the owner.</param>
sealed class MwConnection(MwSockets owner, IPEndPoint peer, Socket socket, MwSettings settings)
{
    const int FirstBuffer = 8192;

    // A neighbour that takes nothing for so long is gone; its transactions are by then, too.
    static readonly TimeSpan SendTime = TimeSpan.FromSeconds(10);

    readonly Channel<(SipMessage? Message, byte[] Bytes)> _queue = Channel.CreateBounded<(SipMessage?, byte[])>(
        new BoundedChannelOptions(settings.QueueMessages) { SingleReader = true });
    readonly CancellationTokenSource _ended = new();

    public IPEndPoint Peer => peer;

    /// <summary>False when the connection has ended, or its queue is full.</summary>
    public bool TrySend(SipMessage message, byte[] bytes) => _queue.Writer.TryWrite((message, bytes));

    /// <summary>Connects if it must, and serves until either side ends it; then what was not sent goes back to the owner.</summary>
    public async Task RunAsync()
    {
        var reached = socket.Connected;
        try
        {
            if (!reached) await ConnectAsync();
            reached = true;
            owner.Reached(this);
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await Task.WhenAny(WriteAsync(), ReadAsync()).Unwrap();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever ended it: what follows is the same.
        }
        finally
        {
            _queue.Writer.TryComplete();
            End();
            socket.Dispose();
            owner.Ended(this, reached);
            while (_queue.Reader.TryRead(out var left))
                if (left.Message is { } message) owner.Undelivered(message, left.Bytes, peer, reached);
        }
    }

    public void End() => _ended.Cancel();

    async Task ConnectAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        deadline.CancelAfter(settings.ConnectTime);
        await socket.ConnectAsync(peer, deadline.Token);
    }

    async Task WriteAsync()
    {
        await foreach (var (_, bytes) in _queue.Reader.ReadAllAsync(_ended.Token))
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            deadline.CancelAfter(SendTime);
            for (var sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, deadline.Token);
        }
    }

    async Task ReadAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            for (var held = 0; ;)
            {
                if (held == buffer.Length) buffer = Grow(buffer);
                var count = await socket.ReceiveAsync(buffer.AsMemory(held), SocketFlags.None, _ended.Token);
                if (count == 0) return;
                held += count;
                if (await TakeAsync(buffer.AsMemory(0, held)) is not { } taken) return;
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes every whole message; how many bytes those were, null when the connection is of no more use.</summary>
    async ValueTask<int?> TakeAsync(ReadOnlyMemory<byte> received)
    {
        var taken = 0;
        while (true)
        {
            var rest = received[taken..];
            var frame = SipFrame.Read(rest.Span);
            switch (frame.Kind)
            {
                case SipFrameKind.More:
                    return taken;
                case SipFrameKind.Broken:
                    owner.Broken(this);
                    return null;
                case SipFrameKind.Ping:
                    _queue.Writer.TryWrite((null, KeepAlive.Pong.ToArray()));
                    break;
                case SipFrameKind.Message:
                    if (!await owner.TakeAsync(rest[..frame.Length], this, _ended.Token)) return null;
                    break;
            }

            taken += frame.Length;
        }
    }

    static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
