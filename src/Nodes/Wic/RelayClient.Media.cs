using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

// What goes through the relay: a test stream, or what an echo sends back.
public sealed partial class RelayClient
{
    // Of a caller whose first packets come with its ACK: two seconds of a stream of 50 packets a second.
    const int MostEarly = 100;

    readonly Queue<(TransportAddress Peer, Bytes Payload)> _early = [];
    MediaStream? _stream;
    TransportAddress _streamPeer;
    bool _echoes;

    /// <summary>Sends a test stream to an admitted peer, and says what became of it; once for a relay.</summary>
    /// <param name="peer">An echo, or the relay of another client.</param>
    /// <param name="plan">How much.</param>
    /// <param name="end">Ends it before all is sent, and what was sent counts.</param>
    /// <exception cref="RefusedException">The relay was lost.</exception>
    public async Task<MediaReport> StreamAsync(TransportAddress peer, MediaPlan plan, CancellationToken end)
    {
        var stream = new MediaStream(plan, new SystemRandom());
        Post(now =>
        {
            (_stream, _streamPeer) = (stream, peer);
            stream.Start(now);
            while (_early.TryDequeue(out var early))
                if (early.Peer == peer) stream.OnPacket(now, early.Payload.Span);
        });
        await using var early = end.Register(() => Post(stream.Finish));
        return await _wishes.Report.Task;
    }

    /// <summary>When the first payload of a peer came.</summary>
    /// <exception cref="RefusedException">The relay was lost before.</exception>
    public Task<Instant> HeardAsync(CancellationToken stop) => _wishes.Heard.Task.WaitAsync(stop);

    /// <summary>Sends back from now on the packets of test streams that admitted peers send.</summary>
    public void Echo() => Post(_ => _echoes = true);

    void OnReceived(Instant now, TransportAddress peer, ReadOnlyMemory<byte> payload)
    {
        _wishes.Heard.TrySetResult(now);
        if (_stream is null && !_echoes && _early.Count < MostEarly) _early.Enqueue((peer, Bytes.Copy(payload.Span)));
        if (peer == _streamPeer) _stream?.OnPacket(now, payload.Span);
        if (!_echoes) return;
        var packet = payload.ToArray();
        if (MediaStream.TryReturn(packet)) _client.TrySend(peer, packet);
    }

    void TellReport()
    {
        if (_stream is { IsOver: true } stream && !_wishes.Report.Task.IsCompleted) _wishes.Report.TrySetResult(stream.Report);
    }
}
