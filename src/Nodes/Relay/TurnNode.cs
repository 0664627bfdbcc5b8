using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>A TURN server that runs: its workers and what they share. Serves from <see cref="Start"/> to <see cref="Dispose"/>.</summary>
public sealed class TurnNode : IDisposable
{
    readonly ImmutableArray<RelayWorker> _workers;
    readonly TurnLedger _ledger;

    TurnNode(ImmutableArray<TransportAddress> listeners, ImmutableArray<RelayWorker> workers, TurnLedger ledger)
    {
        (Listeners, _workers, _ledger) = (listeners, workers, ledger);
        Ended = WhenEnded();
    }

    /// <summary>Where it listens, in the order of the settings, with the ports that the system gave.</summary>
    public ImmutableArray<TransportAddress> Listeners { get; }

    /// <summary>Ends when all workers have; fails when one did, and then the others were stopped.</summary>
    public Task Ended { get; }

    /// <summary>What each worker's loop moved and lost.</summary>
    public ImmutableArray<LoopCounters> Loops => [.. _workers.Select(worker => worker.Counters)];

    /// <summary>What each worker's rules decided.</summary>
    public ImmutableArray<TurnCounters> Decisions => [.. _workers.Select(worker => worker.Decisions)];

    /// <summary>The allocations that live at this moment.</summary>
    public Session[] Sessions() => _ledger.Sessions();

    /// <summary>Binds every listener, then starts every worker.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="verifier">Shared by the workers.</param>
    /// <param name="log">Where the node's events go.</param>
    /// <exception cref="RefusedException">An address cannot be had, or a setting makes no sense.</exception>
    public static TurnNode Start(TurnNodeSettings settings, ICredentialVerifier verifier, ILogger log)
    {
        if (settings.Rules.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new RefusedException(string.Join(' ', mistakes));
        foreach (var relay in settings.Rules.Relays) UdpListeners.RequireLocal(relay.Local, "--relay-address");
        using var listeners = UdpListeners.Bind(settings);
        var rules = settings.Rules with
        {
            OwnListeners = [.. settings.Rules.OwnListeners, .. listeners.Addresses.SelectMany(UdpListeners.EachAddress)],
            CanForbidFragments = UdpDatagrams.CanForbidFragments,
        };
        var ledger = new TurnLedger(rules);
        var nonceKeys = NonceKeys.Draw(new SystemRandom());
        ImmutableArray<RelayWorker> workers = [.. Enumerable.Range(0, settings.Workers).Select(n =>
        {
            var self = new WorkerId((byte)n);
            var server = new TurnServer(self, rules, ledger, verifier, nonceKeys, new SystemRandom());
            return new RelayWorker(self, server, listeners.TakeOver(n), () => SystemClock.Now, log);
        })];
        foreach (var worker in workers) worker.Start();
        return new(listeners.Addresses, workers, ledger);
    }

    /// <summary>Stops the workers and waits until their sockets are closed.</summary>
    public void Dispose()
    {
        foreach (var worker in _workers) worker.Stop();
        // A worker's failure was said already, and is in Ended for who asks.
        Task.WhenAll(_workers.Select(worker => worker.Ended)).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    }

    async Task WhenEnded()
    {
        await Task.WhenAny(_workers.Select(worker => worker.Ended));
        foreach (var worker in _workers) worker.Stop();
        await Task.WhenAll(_workers.Select(worker => worker.Ended));
    }
}
