using System.Net.WebSockets;
using System.Text.Unicode;

namespace Portunus.Nodes.W2;

sealed partial class W2Flow
{
    readonly Lock _writeLock = new();
    readonly Queue<byte[]> _queue = new();
    int _queuedBytes;
    Task _writer = Task.CompletedTask;
    bool _writing;
    W2Close? _close;

    /// <summary>Queues one message; false when the flow is closing, or was cut because its reader is too slow.</summary>
    public bool TrySend(byte[] message)
    {
        lock (_writeLock)
        {
            if (_close is not null) return false;
            if (HasRoom(message))
            {
                _queue.Enqueue(message);
                _queuedBytes += message.Length;
                StartWriting();
                return true;
            }

            _close = W2Close.Ended;
        }

        Abort();
        return false;
    }

    /// <summary>Closes the flow after what is queued; the first close counts.</summary>
    public void Close(W2Close close)
    {
        lock (_writeLock)
        {
            if (_close is not null) return;
            _close = close;
            StartWriting();
        }
    }

    bool HasRoom(byte[] message) =>
        _queue.Count == 0 || (_queue.Count < _settings.QueueMessages && _queuedBytes + message.Length <= _settings.QueueBytes);

    void StartWriting()
    {
        if (_writing) return;
        _writing = true;
        _writer = WriteAsync();
    }

    /// <summary>Writes until nothing waits; then the close frame, if one is due. There is one of it at a time.</summary>
    async Task WriteAsync()
    {
        // The caller holds the lock, and may be the thread of a machine.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (Next() is { } message)
            {
                using var deadline = new CancellationTokenSource(_settings.SendTime);
                // RFC 7118 §4.2: a text message must be UTF-8; SIP with another body goes as binary.
                var kind = Utf8.IsValid(message) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await _socket.SendAsync(message, kind, endOfMessage: true, deadline.Token);
            }

            if (_close is not { } close) return;
            // The read loop waits for the peer's own close frame, but not for ever.
            _ended.CancelAfter(_settings.CloseTime);
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(close.Code, close.Reason, _ended.Token);
        }
        catch (Exception e) when (IsLoss(e) || e is InvalidOperationException)
        {
            Abort();
        }
    }

    byte[]? Next()
    {
        lock (_writeLock)
        {
            if (_queue.TryDequeue(out var message))
            {
                _queuedBytes -= message.Length;
                return message;
            }

            // With a close due the writer stays the writer: nothing may follow the close frame.
            _writing = _close is not null;
            return null;
        }
    }

    /// <summary>
    /// The read loop has ended: sends what is queued and our close frame, and waits for theirs where we closed first.
    /// </summary>
    async Task FinishAsync()
    {
        Close(new(_socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, ""));
        await _writer;
        await DrainAsync();
        _ended.Dispose();
    }

    /// <summary>
    /// Reads off what the peer still sends: a socket closed over unread bytes is reset, and the close frame lost with it.
    /// </summary>
    async Task DrainAsync()
    {
        var scrap = new byte[1024];
        try
        {
            while (_socket.State is WebSocketState.CloseSent)
                await _socket.ReceiveAsync(scrap.AsMemory(), _ended.Token);
        }
        catch (Exception e) when (IsLoss(e))
        {
            Abort();
        }
    }
}
