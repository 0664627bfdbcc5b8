using System.Buffers;
using System.Net.WebSockets;
using System.Text.Unicode;
using System.Threading.Channels;
using Portunus.Sip;

namespace Portunus.Nodes.Wic;

/// <summary>The client's end of one WebSocket of W2 (RFC 7118): whole SIP messages in and out.</summary>
sealed class W2Client : IAsyncDisposable
{
    const string Protocol = "sip";

    // A client has a handful of transactions; an edge that does not read is as good as gone.
    const int MostQueued = 64;

    static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    // NATs and proxies cut what is silent for 30 to 60 s.
    static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(25);
    static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(15);

    readonly ClientWebSocket _socket;
    readonly CancellationTokenSource _ended = new();
    readonly Channel<byte[]> _leaving = Channel.CreateBounded<byte[]>(MostQueued);
    bool _isDisposed;
    Task _reader = Task.CompletedTask;
    Task _writer = Task.CompletedTask;

    W2Client(ClientWebSocket socket) => _socket = socket;

    /// <exception cref="RefusedException">There is no such edge, or it is not believed, or it wants no WebSocket.</exception>
    public static async Task<W2Client> ConnectAsync(Uri server, W2Trust trust, CancellationToken stop)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Protocol);
        socket.Options.CollectHttpResponseDetails = true;
        (socket.Options.KeepAliveInterval, socket.Options.KeepAliveTimeout) = (PingInterval, PongTimeout);
        socket.Options.RemoteCertificateValidationCallback =
            (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ConnectTime);
        try
        {
            await socket.ConnectAsync(server, patience.Token);
            if (socket.SubProtocol == Protocol) return new(socket);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            var sentence = Sentence(server, e, (int)socket.HttpStatusCode);
            socket.Dispose();
            throw new RefusedException(sentence, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        socket.Dispose();
        throw new RefusedException($"{server} speaks no SIP over its WebSocket; give --server the W2 address of an eP-CSCF.");
    }

    /// <summary>Begins to read and write.</summary>
    /// <param name="onMessage">Is given each message that is SIP.</param>
    /// <param name="onClosed">Is told once that no more will come.</param>
    public void Start(Action<SipMessage> onMessage, Action onClosed)
    {
        _reader = ReadAsync(onMessage, onClosed);
        _writer = WriteAsync();
    }

    /// <summary>Queues one message; false when the edge has stopped reading, or is gone.</summary>
    public bool TrySend(byte[] message) => _leaving.Writer.TryWrite(message);

    /// <summary>Writes what is queued, says goodbye, and waits a little for the answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _leaving.Writer.TryComplete();
        _ended.CancelAfter(CloseTime);
        await _writer;
        await _reader;
        _socket.Dispose();
        _ended.Dispose();
    }

    async Task ReadAsync(Action<SipMessage> onMessage, Action onClosed)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SipLimits.MessageBytes);
        try
        {
            for (var length = 0; ;)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
                if (part.MessageType == WebSocketMessageType.Close) break;
                length += part.Count;
                // What is longer is no SIP that anyone could use.
                if (!part.EndOfMessage && length == buffer.Length) break;
                if (!part.EndOfMessage) continue;
                if (SipMessage.TryParse(buffer.AsSpan(0, length), out var message, out _)) onMessage(message);
                length = 0;
            }
        }
        catch (Exception e) when (IsLoss(e))
        {
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            _leaving.Writer.TryComplete();
            onClosed();
        }
    }

    async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _leaving.Reader.ReadAllAsync(_ended.Token))
            {
                // RFC 7118 §4.2: a text message must be UTF-8.
                var kind = Utf8.IsValid(message) ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                await _socket.SendAsync(message, kind, endOfMessage: true, _ended.Token);
            }

            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ended.Token);
        }
        catch (Exception e) when (IsLoss(e) || e is InvalidOperationException)
        {
            _socket.Abort();
        }
    }

    static bool IsLoss(Exception e) =>
        e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    static string Sentence(Uri server, Exception e, int status)
    {
        if (e is OperationCanceledException) return $"{server} did not answer within {ConnectTime.TotalSeconds:0} s.";
        if (status is not (0 or 101))
            return $"{server} answered {status} to the WebSocket handshake; give --server the W2 address of an eP-CSCF.";
        return Unreached.Sentence(server, "--server", "the edge", e);
    }
}
