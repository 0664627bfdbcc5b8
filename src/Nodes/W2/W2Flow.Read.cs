using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Tasks.Sources;
using Portunus.Sip;

namespace Portunus.Nodes.W2;

sealed partial class W2Flow
{
    // Most SIP messages of a browser but an INVITE; a buffer grows with the message.
    const int FirstBuffer = 4096;
    const int TheirClose = -1;
    const int TooLarge = -2;
    const string ClosedByWic = "closed by the WIC";

    ManualResetValueTaskSourceCore<bool> _taken = new() { RunContinuationsAsynchronously = true };

    /// <summary>The machine has taken the message; the next may be read.</summary>
    public void Taken() => _taken.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _taken.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _taken.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _taken.OnCompleted(continuation, state, token, flags);

    async Task<string> ReadAsync()
    {
        try
        {
            while (true)
            {
                // Waits without a buffer: an idle flow holds none.
                var first = await _socket.ReceiveAsync(Memory<byte>.Empty, _ended.Token);
                if (first.MessageType == WebSocketMessageType.Close) return ClosedByWic;
                if (first.EndOfMessage) continue;
                var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
                try
                {
                    (buffer, var length) = await ReadMessageAsync(buffer);
                    if (length < 0) return length == TheirClose ? ClosedByWic : "a message too large";
                    if (!await HandOnAsync(buffer.AsMemory(0, length))) return "not SIP, or stopping";
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
            // No close frame, a frame that breaks RFC 6455, a pong that did not come, or our own cut.
            return e.Message;
        }
    }

    /// <summary>All fragments of one message, and where they are.</summary>
    async ValueTask<(byte[] Buffer, int Length)> ReadMessageAsync(byte[] buffer)
    {
        var length = 0;
        CancellationTokenSource? deadline = null;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), deadline?.Token ?? _ended.Token);
                if (part.MessageType == WebSocketMessageType.Close) return (buffer, TheirClose);
                length += part.Count;
                if (length > _settings.MessageBytes)
                {
                    Close(W2Close.TooBig);
                    return (buffer, TooLarge);
                }

                if (part.EndOfMessage) return (buffer, length);
                if (length == buffer.Length) buffer = Grow(buffer);
                if (deadline is not null) continue;
                deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
                deadline.CancelAfter(_settings.MessageTime);
            }
        }
        finally
        {
            deadline?.Dispose();
        }
    }

    static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    /// <summary>Gives one message to the edge and waits until it was taken; false ends the flow.</summary>
    async ValueTask<bool> HandOnAsync(ReadOnlyMemory<byte> bytes)
    {
        // RFC 7118 §6 leaves the keep-alive of RFC 5626 §3.5.1 to the client: browsers cannot send a ping of RFC 6455.
        if (KeepAlive.IsPing(bytes.Span)) return TrySend(KeepAlive.Pong.ToArray());
        if (SipMessage.TryParse(bytes.Span, out var message, out var error))
        {
            _taken.Reset();
            if (!_edge.TryPost(this, message)) return false;
            await new ValueTask(this, _taken.Version);
            return true;
        }

        if (error.Fault is SipFault.Empty) return true;
        Close(W2Close.NotSip($"{error.Fault} at byte {error.Offset}"));
        return false;
    }
}
