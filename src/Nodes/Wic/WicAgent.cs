using System.Threading.Channels;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Core;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// A <see cref="UserAgent"/> as a node: its thread, and its WebSocket to an edge. What it has to tell is read in its order by
/// one reader.
/// </summary>
public sealed partial class WicAgent : IAsyncDisposable
{
    // What nobody reads is forgotten from its old end; a person's client has a few a minute.
    const int MostNews = 1024;

    readonly Uri _server;
    readonly W2Trust _trust;
    readonly Timeline _timeline;
    readonly UserAgentSettings _settings;
    readonly UserAgent _agent;
    readonly MachineThread<Action<Instant>> _thread;
    readonly Channel<UserAgentEffect> _news = Channel.CreateBounded<UserAgentEffect>(
        new BoundedChannelOptions(MostNews) { FullMode = BoundedChannelFullMode.DropOldest });

    bool _takesCalls;

    WicAgent(Uri server, W2Trust trust, UserAgentSettings settings, Timeline timeline)
    {
        (_server, _trust, _settings, _timeline) = (server, trust, settings, timeline);
        _agent = new(settings, new SystemRandom());
        _thread = new("user agent", Run, now => Run(now, _agent.OnDeadline), () => _agent.NextDeadline);
    }

    /// <summary>Whether calls are told of; else they are answered 486.</summary>
    public bool TakesCalls
    {
        get => Volatile.Read(ref _takesCalls);
        set => Volatile.Write(ref _takesCalls, value);
    }

    public SipUri Identity => _settings.Identity;

    /// <summary>Why the edge gave no credential, in its own words; null when it did not say.</summary>
    public string? Withheld { get; private set; }

    /// <summary>Asked for a token when the edge refuses the one before; on a thread of the pool, and once at a time.</summary>
    internal Func<BearerChallenge, Task<string>>? OnChallenge { get; set; }

    /// <summary>Opens the WebSocket.</summary>
    /// <exception cref="RefusedException">It cannot be had; the sentence says why.</exception>
    public static async Task<WicAgent> ConnectAsync(
        Uri server, W2Trust trust, UserAgentSettings settings, Timeline timeline, CancellationToken stop)
    {
        var w2 = await W2Client.ConnectAsync(server, trust, stop);
        var agent = new WicAgent(server, trust, settings, timeline);
        agent._thread.Start();
        agent.Open(w2);
        return agent;
    }

    /// <summary>Registers, and takes the credential of the answer; null when it holds none.</summary>
    /// <exception cref="RefusedException">There is no registration.</exception>
    public async Task<(TimeSpan Expires, TurnCredential? Credential)> RegisterAsync(CancellationToken stop)
    {
        Post((machine, now) => machine.Register(now));
        var expires = await NextAsync<UserAgentEffect.Registered>(stop);
        return (expires.Expires, _settings.CredentialRequest is null ? null : await CredentialAsync(stop));
    }

    /// <summary>Asks the edge for a fresh credential; null when it gives none.</summary>
    public async Task<TurnCredential?> RenewAsync(CancellationToken stop)
    {
        Post((machine, now) => machine.Renew(now));
        return await CredentialAsync(stop);
    }

    /// <summary>Takes the binding away; true when the core agreed.</summary>
    public async Task<bool> DeregisterAsync(CancellationToken stop)
    {
        Post((machine, now) =>
        {
            _isLeaving = true;
            machine.Deregister(now);
        });
        try
        {
            while (true)
                if (await _news.Reader.ReadAsync(stop) is UserAgentEffect.Unregistered(var status)) return status == 200;
        }
        catch (ChannelClosedException e) when (e.InnerException is RefusedException)
        {
            return false;
        }
    }

    /// <summary>The next of what the agent has to tell.</summary>
    /// <exception cref="RefusedException">The registration is lost: nothing else will come.</exception>
    public async Task<UserAgentEffect> NextAsync(CancellationToken stop)
    {
        var news = await ReadAsync(stop);
        return news is UserAgentEffect.Unregistered lost ? throw new RefusedException(Sentence(lost)) : news;
    }

    /// <summary>The next of that kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>(CancellationToken stop) where T : UserAgentEffect
    {
        while (true)
            if (await NextAsync(stop) is T news) return news;
    }

    /// <summary>Gives the machine an input, on its own thread.</summary>
    public void Post(Action<UserAgent, Instant> input) => _thread.TryPost(now => input(_agent, now));

    /// <summary>Gives it an input that has an answer.</summary>
    public Task<T> PostAsync<T>(Func<UserAgent, Instant, T> input)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_thread.TryPost(now => answer.SetResult(input(_agent, now)))) answer.SetCanceled();
        return answer.Task;
    }

    /// <summary>Closes the WebSocket; the edge ends the registration after its time of grace unless it was taken away.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await UnderWay();
        // Asked on the machine's thread, where a new one may just have come.
        await (await PostAsync((_, _) => _w2!)).DisposeAsync();
        _thread.Stop(_ => { });
        _over.Dispose();
    }

    async Task<UserAgentEffect> ReadAsync(CancellationToken stop)
    {
        try
        {
            return await _news.Reader.ReadAsync(stop);
        }
        catch (ChannelClosedException e) when (e.InnerException is RefusedException why)
        {
            throw new RefusedException(why.Message, why);
        }
    }

    async Task<TurnCredential?> CredentialAsync(CancellationToken stop)
    {
        while (true)
            switch (await NextAsync(stop))
            {
                case UserAgentEffect.Provided(var credential):
                    return credential;
                case UserAgentEffect.Withheld(_, var reason):
                    Withheld = reason;
                    return null;
            }
    }

    void Run(Instant now, Action<Instant> step)
    {
        try
        {
            step(now);
            while (_agent.TryTake(out var effect))
            {
                if (effect is UserAgentEffect.ToFlow(var message)) Send(message.ToBytes());
                else if (effect is UserAgentEffect.Called(var call, _) && !TakesCalls) _agent.HangUp(now, call, refusal: 486);
                else if (effect is UserAgentEffect.Challenged(var challenge)) Do(() => AnswerAsync(challenge));
                else if (effect is not UserAgentEffect.Unregistered || !_isReconnecting) _news.Writer.TryWrite(effect);
            }
        }
        catch (Exception defect)
        {
            _news.Writer.TryComplete(defect);
        }
    }

    void Send(byte[] message)
    {
        _timeline.OnSip?.Invoke(true, message);
        _w2!.TrySend(message);
    }

    string Sentence(UserAgentEffect.Unregistered lost)
    {
        var later = lost.RetryAfter is { } wait ? $"; it may be asked again in {wait.TotalSeconds:0} s" : "";
        return lost.Status switch
        {
            401 or 403 when _settings.Token is not null => $"The token was refused for {Identity} ({lost.Status}).",
            401 or 403 => $"{Identity} was refused: the name or the password is wrong ({lost.Status}).",
            408 => $"Nobody answered the REGISTER of {Identity} in 32 s.",
            503 when lost.RetryAfter is null =>
                $"The registration of {Identity} is lost: the edge closed the connection, or serves nobody (503).",
            var status => $"The registration of {Identity} was refused: {status} {SipStatus.Reason(status)}{later}.",
        };
    }
}
