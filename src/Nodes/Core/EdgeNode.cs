using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.W2;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

/// <summary>The eP-CSCF as a node: the shards with their threads, the WebSockets they own, and Mw towards the core.</summary>
/// <remarks>
/// A flow joins the shard of the address-of-record in its first REGISTER and stays. What it sends before goes to a shard that
/// refuses it.
/// </remarks>
public sealed partial class EdgeNode : IDisposable
{
    // What a WebSocket may wait for its REGISTER: a page opens one to register at once.
    static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);
    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    readonly EdgeShard[] _shards;
    readonly ConcurrentDictionary<FlowId, W2Flow> _flows = new();
    readonly IMw _mw;
    readonly Timer _sweep;
    readonly int _mostFlows;
    readonly long[] _reports = new long[Enum.GetValues<EdgeEvent>().Length];
    ulong _lastFlow;
    volatile bool _stopping;

    /// <param name="settings">The same for all shards.</param>
    /// <param name="shards">1 to 256.</param>
    /// <param name="provisioning">Makes the way of provisioning of one shard: a shard shares nothing.</param>
    /// <param name="mw">The way to the core; stays with the caller.</param>
    /// <param name="log">Takes what operators want to read.</param>
    /// <param name="outside">Answers what the machines ask; null where they ask nothing.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public EdgeNode(
        EdgeSettings settings, int shards, Func<IProvisioning> provisioning, IMw mw, ILogger log, EdgeOutside? outside = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, 256);
        _shards = [.. Enumerable.Range(0, shards).Select(i => new EdgeShard(
            this, new((byte)i), settings, provisioning(), outside ?? new(), log))];
        _mostFlows = settings.Flows;
        _mw = mw;
        _sweep = new(_ => CloseSilent(), null, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Open WebSockets.</summary>
    public int Flows => _flows.Count;

    /// <summary>How often the shards have reported something.</summary>
    public long Reports(EdgeEvent what) => Volatile.Read(ref _reports[(int)what]);

    internal bool HasRoom => !_stopping && _flows.Count < _mostFlows;

    public void Start()
    {
        foreach (var shard in _shards) shard.Start();
        _mw.Start(FromCore);
        _sweep.Change(SweepInterval, SweepInterval);
    }

    /// <summary>
    /// Closes every WebSocket with 1001 (RFC 6455 §7.4.1: the server goes away) and waits until they are closed.
    /// </summary>
    /// <param name="patience">How long a peer may take to agree; after it the connection is cut.</param>
    public async Task CloseFlowsAsync(TimeSpan patience)
    {
        _stopping = true;
        foreach (var flow in _flows.Values) flow.Close(W2Close.GoingAway);
        for (var waited = TimeSpan.Zero; !_flows.IsEmpty && waited < patience; waited += PollInterval)
            await Task.Delay(PollInterval);
        foreach (var flow in _flows.Values) flow.Abort();
    }

    /// <summary>Ends the threads of the shards.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var shard in _shards) shard.Stop();
        AbandonWeb();
    }

    /// <summary>Takes in a new WebSocket; null when there are as many as there may be, or the node stops.</summary>
    internal W2Flow? Open(Func<FlowId, W2Flow> make)
    {
        if (!HasRoom) return null;
        var flow = make(new(Interlocked.Increment(ref _lastFlow)));
        _flows[flow.Id] = flow;
        // Who stops the node may have looked just before.
        if (_stopping) flow.Close(W2Close.GoingAway);
        return flow;
    }

    internal W2Flow? Flow(FlowId id) => _flows.GetValueOrDefault(id);

    /// <summary>Gives a message to the flow's shard; false when the node has stopped.</summary>
    internal bool TryPost(W2Flow flow, SipMessage message)
    {
        flow.Shard ??= Steering.OfFlow(message, _shards.Length);
        return Shard(flow.Shard).TryPost(new EdgeInput.FromW2(flow, message));
    }

    internal void Closed(W2Flow flow)
    {
        _flows.TryRemove(flow.Id, out _);
        Shard(flow.Shard).TryPost(new EdgeInput.Closed(flow.Id));
        // What it sent before it joined went to the first shard, which may still hold an answer for it.
        if (flow.Shard is { Value: not 0 }) _shards[0].TryPost(new EdgeInput.Closed(flow.Id));
    }

    internal void ToCore(SipMessage message) => _mw.Send(message);

    internal void Count(EdgeEvent what) => Interlocked.Increment(ref _reports[(int)what]);

    internal void FromCoreTaken(int length) => _mw.Taken(length);

    /// <summary>The core sent: a response to the shard of its top Via, a request to that of its top Route.</summary>
    bool FromCore(SipMessage message, int length, bool isTrusted) =>
        Shard(Steering.OfCore(message, _shards.Length)).TryPost(new EdgeInput.FromCore(default, message, length));

    /// <summary>What belongs to no shard is refused by the first.</summary>
    EdgeShard Shard(ShardId? id) => _shards[(id ?? default).Value];

    void CloseSilent()
    {
        var now = SystemClock.Now;
        foreach (var flow in _flows.Values)
            if (flow.Shard is null && now - flow.Opened > LongestSilence) flow.Close(W2Close.NeverRegistered);
    }
}
