using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Nodes.W2;

namespace Portunus.Nodes.Core;

/// <summary>One <see cref="Edge"/> machine with its thread, and its effects performed.</summary>
sealed class EdgeShard
{
    readonly EdgeNode _node;
    readonly Edge _edge;
    readonly ILogger _log;
    readonly MachineThread<EdgeInput> _thread;

    public EdgeShard(EdgeNode node, ShardId id, EdgeSettings settings, IProvisioning provisioning, ILogger log)
    {
        _node = node;
        _log = log;
        _edge = new(id, settings, provisioning, new SystemRandom());
        _thread = new($"edge {id}", OnInput, OnDeadline, () => _edge.NextDeadline);
    }

    public void Start() => _thread.Start();

    public bool TryPost(EdgeInput input) => _thread.TryPost(input);

    public void Stop() => _thread.Stop(Release);

    void OnInput(Instant now, EdgeInput input)
    {
        Run(() =>
        {
            switch (input)
            {
                case EdgeInput.FromW2 { Flow: var flow, Message: var message }:
                    _edge.OnW2(now, flow.Id, message);
                    break;
                case EdgeInput.FromCore { Path: var path, Message: var message }:
                    _edge.OnCore(now, path, message);
                    break;
                case EdgeInput.Closed { Flow: var flow }:
                    _edge.OnFlowClosed(now, flow);
                    break;
            }
        });
        Release(input);
    }

    void OnDeadline(Instant now) => Run(() => _edge.OnDeadline(now));

    /// <summary>One step of the machine and all it decided. A defect costs its input, not the other WICs of the shard.</summary>
    void Run(Action step)
    {
        try
        {
            step();
            while (_edge.TryTake(out var effect)) Perform(effect);
        }
        catch (Exception e)
        {
            SignallingLog.MachineFailed(_log, "The edge", e);
        }
    }

    void Perform(EdgeEffect effect)
    {
        switch (effect)
        {
            case EdgeEffect.ToW2 { Flow: var flow, Message: var message }:
                _node.Flow(flow)?.TrySend(message.ToBytes());
                break;
            case EdgeEffect.ToCore { Message: var message }:
                _node.ToCore(message);
                break;
            case EdgeEffect.CloseFlow { Flow: var flow }:
                _node.Flow(flow)?.Close(W2Close.Ended);
                break;
            case EdgeEffect.Audit { Event: var what, Flow: var flow, Subject: var subject }:
                SignallingLog.EdgeReports(_log, what, flow, subject);
                break;
        }
    }

    /// <summary>Tells the sender that its message was taken, so that it sends the next.</summary>
    void Release(EdgeInput input)
    {
        switch (input)
        {
            case EdgeInput.FromW2 { Flow: var flow }:
                flow.Taken();
                break;
            case EdgeInput.FromCore { Length: var length }:
                _node.FromCoreTaken(length);
                break;
        }
    }
}
