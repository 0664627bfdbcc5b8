using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Nodes.Outside;
using Portunus.Nodes.W2;

namespace Portunus.Nodes.Core;

/// <summary>One <see cref="Edge"/> machine with its thread, and its effects performed.</summary>
sealed class EdgeShard
{
    readonly EdgeNode _node;
    readonly Edge _edge;
    readonly EdgeOutside _outside;
    readonly ILogger _log;
    readonly CancellationTokenSource _stopped = new();
    readonly OnceAMinute _complaints = new();
    readonly MachineThread<EdgeInput> _thread;

    public EdgeShard(
        EdgeNode node, ShardId id, EdgeSettings settings, IProvisioning provisioning, EdgeOutside outside, ILogger log)
    {
        (_node, _outside, _log) = (node, outside, log);
        _edge = new(id, settings, provisioning, new SystemRandom());
        _thread = new($"edge {id}", OnInput, OnDeadline, () => _edge.NextDeadline);
    }

    public void Start() => _thread.Start();

    public bool TryPost(EdgeInput input) => _thread.TryPost(input);

    public void Stop()
    {
        _stopped.Cancel();
        _thread.Stop(Release);
    }

    /// <summary>Empty when the shard has stopped.</summary>
    public Task<IReadOnlyList<RegistrationSnapshot>> RegistrationsAsync()
    {
        var found = new TaskCompletionSource<IReadOnlyList<RegistrationSnapshot>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryPost(new EdgeInput.List(found))) found.SetResult([]);
        return found.Task;
    }

    /// <summary>Whether the order met anything; false when the shard has stopped.</summary>
    public Task<bool> OrderAsync(EdgeOrder order)
    {
        var met = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryPost(new EdgeInput.Order(order, met))) met.SetResult(false);
        return met.Task;
    }

    void OnInput(Instant now, EdgeInput input)
    {
        var isDone = Run(() =>
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
                case EdgeInput.Answer { Ask: var ask, Said: var answer }:
                    _edge.OnAnswer(now, ask, answer);
                    break;
                case EdgeInput.Order { What: var order, Met: var met }:
                    met.TrySetResult(_edge.OnOrder(now, order));
                    break;
                case EdgeInput.List { Found: var found }:
                    found.TrySetResult(_edge.Registrations());
                    break;
                case EdgeInput.Web { Id: var id, Claims: var claims, Wanted: var wanted }:
                    _edge.OnWebRequest(now, id, claims, wanted);
                    break;
            }
        });
        if (!isDone && input is EdgeInput.Web web) _node.AnswerWeb(web.Id, new(503, null));
        Release(input);
    }

    void OnDeadline(Instant now) => Run(() => _edge.OnDeadline(now));

    /// <summary>One step of the machine and all it decided. A defect costs its input, not the other WICs of the shard; then it is
    /// false.</summary>
    bool Run(Action step)
    {
        try
        {
            step();
            while (_edge.TryTake(out var effect)) Perform(effect);
            return true;
        }
        catch (Exception e)
        {
            SignallingLog.MachineFailed(_log, "The edge", e);
            return false;
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
            case EdgeEffect.Ask { Id: var id, Question: var question, Deadline: var deadline }:
                _ = Task.Run(() => AnswerAsync(id, question, deadline));
                break;
            case EdgeEffect.Withdraw withdrawal:
                _outside.Push?.Withdraw(withdrawal);
                break;
            case EdgeEffect.Revoke revocation:
                _outside.Revocations?.Revoke(revocation);
                break;
            case EdgeEffect.ToWeb { Id: var id, Status: var status, Credential: var credential }:
                _node.AnswerWeb(id, new(status, credential));
                break;
            case EdgeEffect.Audit { Event: var what, Flow: var flow, Subject: var subject }:
                _node.Count(what);
                SignallingLog.EdgeReports(_log, what, flow, subject);
                break;
        }
    }

    /// <summary>Asks the outside; what it cannot answer it leaves open, since the machine takes silence for an answer.</summary>
    async Task AnswerAsync(AskId id, EdgeQuestion question, Instant deadline)
    {
        try
        {
            if (await _outside.AnswerAsync(question, deadline, _stopped.Token) is { } answer)
                TryPost(new EdgeInput.Answer(id, answer));
        }
        catch (OperationCanceledException)
        {
            // The deadline came first, or the node stops.
        }
        catch (Exception e)
        {
            if (_complaints.TryTake()) SignallingLog.OutsideFailed(_log, question, e.GetType().Name);
        }
    }

    /// <summary>Tells who waits that an input was taken, or will never be: the sender of a message sends the next.</summary>
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
            case EdgeInput.Order { Met: var met }:
                met.TrySetResult(false);
                break;
            case EdgeInput.List { Found: var found }:
                found.TrySetResult([]);
                break;
        }
    }
}
