using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Nodes.Wic;

// The WebSocket, which may be lost and had again, and tokens that an edge refuses.
public sealed partial class WicAgent
{
    // A second loss so soon after the first is no accident of the network.
    static readonly TimeSpan Calm = TimeSpan.FromSeconds(30);

    readonly CancellationTokenSource _over = new();
    readonly List<Task> _errands = [];

    // All of the machine's thread.
    W2Client? _w2;
    bool _isLeaving;
    bool _isReconnecting;
    Instant? _reconnectedAt;

    /// <summary>Shows another access token from now on.</summary>
    internal void UseToken(string token) => Post((machine, now) => machine.UseToken(now, token));

    /// <summary>A WebSocket is open: the machine registers on it if it wants to be registered.</summary>
    void Open(W2Client w2) => Post((machine, now) =>
    {
        (_w2, _isReconnecting) = (w2, false);
        machine.OnFlowOpened(now);
        w2.Start(
            message =>
            {
                if (_timeline.OnSip is { } watch) watch(false, message.ToBytes());
                Post((agent, at) => agent.OnMessage(at, message));
            },
            () => Post(OnClosed));
    });

    /// <summary>
    /// A registration whose WebSocket is lost is kept by the edge for a while (obligation 5, RFC 5626 §4.4): the same instance can
    /// take it up again, once, if it comes at once.
    /// </summary>
    void OnClosed(Portunus.Wic.UserAgent machine, Instant now)
    {
        _isReconnecting = machine.IsRegistered && !_isLeaving && !(_reconnectedAt + Calm > now) && !_over.IsCancellationRequested;
        machine.OnFlowClosed(now);
        if (!_isReconnecting) return;
        _reconnectedAt = now;
        Do(ReconnectAsync);
    }

    async Task ReconnectAsync()
    {
        try
        {
            await _w2!.DisposeAsync();
            Open(await _timeline.StepAsync(
                "reconnect", () => W2Client.ConnectAsync(_server, _trust, _over.Token), _ => $"{_server}"));
        }
        catch (RefusedException again)
        {
            Lose($"The connection to {_server} was lost, and there is no other: {again.Message}");
        }
        catch (OperationCanceledException)
        {
            // We leave.
        }
    }

    async Task AnswerAsync(BearerChallenge challenge)
    {
        try
        {
            var error = challenge.Error is { } why ? $" ({AccessAnswer.Shown(why)})" : "";
            _timeline.Mark("challenged", $"the edge refuses the token{error}");
            UseToken(await OnChallenge!(challenge));
        }
        catch (RefusedException refused)
        {
            Lose(refused.Message);
        }
        catch (OperationCanceledException)
        {
            // We leave.
        }
    }

    /// <summary>Nothing more will come, and why; what nobody has read is read first.</summary>
    void Lose(string sentence) => _news.Writer.TryComplete(new RefusedException(sentence));

    Task UnderWay()
    {
        lock (_errands) return Task.WhenAll(_errands);
    }

    /// <summary>Begins what takes time, from the machine's thread.</summary>
    void Do(Func<Task> errand)
    {
        lock (_errands)
        {
            _errands.RemoveAll(task => task.IsCompleted);
            _errands.Add(Task.Run(errand));
        }
    }
}
