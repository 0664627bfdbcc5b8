using System.Net.WebSockets;
using System.Threading.Tasks.Sources;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Nodes.Core;

namespace Portunus.Nodes.W2;

/// <summary>
/// One WebSocket of a WIC (RFC 7118): the flow of RFC 5626 as the join sees it. It reads on when its last message was taken,
/// and writes from a small queue with one writer.
/// </summary>
/// <remarks>An idle flow costs its pending read; it has no timer, buffer or task beside it.</remarks>
sealed partial class W2Flow : IValueTaskSource
{
    readonly WebSocket _socket;
    readonly EdgeNode _edge;
    readonly W2Settings _settings;
    readonly CancellationTokenSource _ended = new();

    public W2Flow(FlowId id, WebSocket socket, EdgeNode edge, W2Settings settings)
    {
        (Id, _socket, _edge, _settings) = (id, socket, edge, settings);
        Opened = SystemClock.Now;
    }

    public FlowId Id { get; }

    public Instant Opened { get; }

    /// <summary>The shard that the flow joined with its first REGISTER; only its own read loop sets it.</summary>
    public ShardId? Shard { get; set; }

    /// <summary>Serves the WebSocket until it is closed; says why it was.</summary>
    public async Task<string> RunAsync()
    {
        try
        {
            var reason = await ReadAsync();
            await FinishAsync();
            return reason;
        }
        finally
        {
            // Whatever ended it: a flow that is not forgotten keeps its place and its registration for good.
            _edge.Closed(this);
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>What a socket throws when its peer, the network or we ended it.</summary>
    static bool IsLoss(Exception e) =>
        e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;
}
