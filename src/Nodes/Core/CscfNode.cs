using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Nodes.Mw;
using Portunus.Sip;
using Portunus.Store;

namespace Portunus.Nodes.Core;

/// <summary>
/// The home core as a node: one <see cref="Cscf"/> machine with its thread, its questions answered from the store.
/// </summary>
public sealed partial class CscfNode : IDisposable
{
    // SQLite reads in parallel; a third reader has nothing to add on a small machine.
    const int Readers = 2;

    readonly Cscf _cscf;
    readonly SubscriberStore _store;
    readonly IMw _mw;
    readonly ILogger _log;
    readonly MachineThread<CscfInput> _thread;
    readonly CancellationTokenSource _stopped = new();
    // Not bounded here: the machine has at most CscfSettings.Questions open.
    readonly Channel<CscfEffect.Ask> _questions = Channel.CreateUnbounded<CscfEffect.Ask>();
    readonly OnceAMinute _complaints = new();

    /// <param name="settings">Validated by the machine.</param>
    /// <param name="store">The HSS; stays with the caller.</param>
    /// <param name="mw">The way to the edges; stays with the caller.</param>
    /// <param name="log">Takes what operators want to read.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public CscfNode(CscfSettings settings, SubscriberStore store, IMw mw, ILogger log)
    {
        _cscf = new(settings, new SystemRandom());
        (_store, _mw, _log) = (store, mw, log);
        _thread = new("core", OnInput, OnDeadline, () => _cscf.NextDeadline);
    }

    public void Start()
    {
        _thread.Start();
        _mw.Start((message, length, isTrusted) => _thread.TryPost(new CscfInput.FromEdge(message, length, isTrusted)));
        for (var i = 0; i < Readers; i++) _ = Task.Run(AnswerAsync);
    }

    /// <summary>Ends the thread; questions under way are forgotten.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        _thread.Stop(Release);
    }

    void OnInput(Instant now, CscfInput input)
    {
        Run(() =>
        {
            switch (input)
            {
                case CscfInput.FromEdge { Message: var message, IsTrusted: var isTrusted }:
                    _cscf.OnEdge(now, message, isTrusted);
                    break;
                case CscfInput.Answer { Ask: var ask, Subscriber: var subscriber }:
                    _cscf.OnAnswer(now, ask, subscriber);
                    break;
                case CscfInput.Order { What: var order, Done: var done }:
                    done.TrySetResult(_cscf.OnOrder(now, order));
                    break;
            }
        });
        Release(input);
    }

    void OnDeadline(Instant now) => Run(() => _cscf.OnDeadline(now));

    void Run(Action step)
    {
        try
        {
            step();
            while (_cscf.TryTake(out var effect)) Perform(effect);
        }
        catch (Exception e)
        {
            SignallingLog.MachineFailed(_log, "The core", e);
        }
    }

    void Perform(CscfEffect effect)
    {
        switch (effect)
        {
            case CscfEffect.ToEdge { Message: var message }:
                _mw.Send(message);
                break;
            case CscfEffect.Ask ask:
                _questions.Writer.TryWrite(ask);
                break;
            case CscfEffect.Audit { Event: var what, Subject: var subject }:
                SignallingLog.CoreReports(_log, what, subject);
                break;
        }
    }

    void Release(CscfInput input)
    {
        // One that was not done: the node has stopped, or the machine failed at it.
        if (input is CscfInput.Order { Done: var done }) done.TrySetResult(0);
        if (input is CscfInput.FromEdge { Length: var length }) _mw.Taken(length);
    }

    /// <summary>
    /// Reads subscribers until the node stops. A question that cannot be answered stays without one: silence is an answer.
    /// </summary>
    async Task AnswerAsync()
    {
        try
        {
            await foreach (var ask in _questions.Reader.ReadAllAsync(_stopped.Token))
            {
                try
                {
                    var (identity, isPublic) = (ask.Question.Identity, ask.Question.IsPublic);
                    var found = isPublic
                        ? await _store.FindByImpuAsync(identity, _stopped.Token)
                        : await _store.FindByImpiAsync(identity, _stopped.Token);
                    _thread.TryPost(new CscfInput.Answer(ask.Id, found is null ? null : ToSubscriber(found)));
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // One record that cannot be read must not end the reading of all others.
                    Complain(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>The best algorithm first: a client answers the topmost challenge it can (RFC 8760 §2.4).</summary>
    static Subscriber ToSubscriber(SubscriberRecord found)
    {
        var secrets = new List<DigestSecret>(2);
        if (found.HashSha256 is { } sha256) secrets.Add(DigestSecret.FromBytes(DigestAlgorithm.Sha256, sha256));
        if (found.HashMd5 is { } md5) secrets.Add(DigestSecret.FromBytes(DigestAlgorithm.Md5, md5));
        return new(found.Impi, found.Impus, secrets)
        {
            MoreSets = found.MoreSets,
            AllowedWebFunctions = found.AllowedWebFunctions,
        };
    }

    /// <summary>Once a minute: a disk that is full fails every question alike.</summary>
    void Complain(Exception e)
    {
        if (_complaints.TryTake()) SignallingLog.StoreFailed(_log, e.Message);
    }
}
