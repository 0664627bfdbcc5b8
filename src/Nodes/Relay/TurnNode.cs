using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Audit;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>A TURN server that runs from <see cref="Start"/> to <see cref="Dispose"/>: its workers and what they share.</summary>
public sealed partial class TurnNode : IDisposable
{
    readonly ImmutableArray<RelayWorker> _workers;
    readonly TurnLedger _ledger;
    readonly ConnectionLedger _connections;
    readonly Timer _rotation;
    readonly SystemRandom _random;
    readonly ILogger _log;
    readonly TurnSettings _rules;
    NonceKeys _nonceKeys;

    TurnNode(
        TurnListeners listeners, TurnSettings rules, TurnNodeSettings settings, ICredentialVerifier verifier, IDataPath[] paths,
        ICredentialFinder? finder, ILogger log, AuditFile? audit, TurnCertificate? certificate)
    {
        Listening = listeners.Bound;
        Certificate = certificate;
        (_log, _rules, _drainPatience, Audit) = (log, rules, settings.DrainPatience, audit);
        _random = new SystemRandom();
        _nonceKeys = NonceKeys.Draw(_random);
        _ledger = new TurnLedger(rules, settings.LiveRelays);
        _connections = new ConnectionLedger(settings.Streams, settings.ProxyProtocolFrom);
        _workers = [.. paths.Select((path, n) =>
        {
            var self = new WorkerId((byte)n);
            var server = new TurnServer(self, rules, _ledger, verifier, _nonceKeys, new SystemRandom());
            return new RelayWorker(self, server, path, listeners.TakeOver(n), (_connections, Certificate), () => SystemClock.Now,
                finder, log, audit as IAudit ?? new AuditLines(log), worker => _workers[worker.Value]);
        })];
        foreach (var worker in _workers) worker.Start();
        // A nonce made just before a turn must be known for its whole life by the key before: no turn within a lifetime.
        _rotation = new Timer(_ => Rotate(), null, rules.NonceLifetime, rules.NonceLifetime);
        _memory = new(MemoryUse.Share, TryTellMemory);
        _memory.Start();
        Ended = WhenEnded();
    }

    /// <summary>Null where no file of it is written.</summary>
    public AuditFile? Audit { get; }

    /// <summary>Shown to clients by TLS; null where there is none.</summary>
    public TurnCertificate? Certificate { get; }

    /// <summary>Where it listens, in the order of the settings, with the ports that the system gave.</summary>
    public ImmutableArray<TransportAddress> Listeners => [.. Listening.Select(listener => listener.Address)];

    /// <summary>The same, with what is spoken there.</summary>
    public ImmutableArray<TurnListener> Listening { get; }

    /// <summary>Ends when all workers have; fails when one did, and then the others were stopped.</summary>
    public Task Ended { get; }

    /// <summary>What each worker's rules decided.</summary>
    public ImmutableArray<TurnCounters> Decisions => [.. _workers.Select(worker => worker.Decisions)];

    /// <summary>What each worker's loop moved and lost.</summary>
    public ImmutableArray<LoopCounters> Loops => [.. _workers.Select(worker => worker.Loop)];

    /// <summary>How much workers and ledger keep, of any kind: 0 when nothing lives and nothing is under way.</summary>
    internal int Kept => _workers.Sum(worker => worker.Kept) + _ledger.Kept(SystemClock.Now);

    /// <summary>Connections and sessions of clients that are open.</summary>
    public int Connections => _connections.Count;

    /// <summary>The allocations that live at this moment.</summary>
    public Session[] Sessions() => _ledger.Sessions();

    /// <summary>What each realm had since the start.</summary>
    public RealmTotals[] Realms() => _ledger.Realms();

    /// <summary>Binds every listener, then starts every worker.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="verifier">Shared by the workers.</param>
    /// <param name="log">Where the node's events go.</param>
    /// <param name="finder">Asks edges for what the verifier does not know; stays with the caller.</param>
    /// <exception cref="RefusedException">An address cannot be had, or a setting makes no sense.</exception>
    public static TurnNode Start(
        TurnNodeSettings settings, ICredentialVerifier verifier, ILogger log, ICredentialFinder? finder = null)
    {
        var mistakes = settings.Rules.Mistakes().ToArray();
        if (mistakes.Length > 0) throw new RefusedException(string.Join(' ', mistakes));
        foreach (var relay in settings.Rules.Relays) TurnListeners.RequireLocal(relay.Local, settings.Rules.RelayPorts, "--relay-address");
        if (settings.Streams.Mistake is { } limit) throw new RefusedException(limit);
        if (settings.TcpRelayMistake is { } unheard) throw new RefusedException(unheard);
        // Behaviour discovery needs all four addresses; those that the operator named are there already.
        var four = (settings.Rules.Discovery?.Addresses ?? []).Select(address => new TurnListener(address));
        settings = settings with { Listen = [.. settings.Listen.Concat(four).Distinct()] };
        using var listeners = TurnListeners.Bind(settings);
        var paths = DataPaths.Open(settings.DataPath, settings.Workers, log);
        if (listeners.Bound.Any(listener => listener.IsStream) && !DataPaths.HaveStreams(paths))
            throw new RefusedException(
                "Listeners of tcp: and tls: need the data path linux, which this system or setting has not; leave them out.");
        if (listeners.Bound.Any(listener => listener.IsSecure) && settings.Certificate is null)
            throw new RefusedException("A listener of tls: or dtls: needs a certificate; give one, or leave the listener out.");
        var rules = settings.Rules with
        {
            OwnListeners =
            [
                .. settings.Rules.OwnListeners,
                .. listeners.Bound.SelectMany(listener => TurnListeners.EachAddress(listener.Address)),
            ],
            OwnAddresses = OwnAddresses.Find(),
            Discovery = settings.Rules.Discovery is { } discovery
                ? discovery with { Listeners = [.. discovery.Addresses.Select(one => listeners.Bound.IndexOf(new TurnListener(one)))] }
                : null,
            Workers = settings.Workers,
            CanForbidFragments = UdpDatagrams.CanForbidFragments,
            Unauthenticated = settings.Rules.Unauthenticated.Share(settings.Workers),
            // A worker has one socket for each listener and each allocation.
            MaxAllocations = Math.Min(settings.Rules.MaxAllocations, DataPaths.MostSockets(paths) - settings.Listen.Length),
        };
        var certificate = settings.Certificate is { } files ? new TurnCertificate(files) : null;
        var audit = settings.AuditFile is { } file ? AuditFile.Open(file, log) : null;
        return new(listeners, rules, settings, verifier, paths, finder, log, audit, certificate);
    }

    /// <summary>Stops the workers and waits until their sockets are closed and <see cref="Ended"/> is over.</summary>
    public void Dispose()
    {
        _rotation.Dispose();
        _memory.Dispose();
        foreach (var worker in _workers) worker.Stop();
        // Ended itself, which is over a moment after the last worker. A worker's failure was said already, and stands there for
        // who asks.
        Ended.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        Audit?.Dispose();
        Certificate?.Dispose();
    }

    /// <summary>Reads the certificate again, and goes on in a new file of the audit, where the old was renamed.</summary>
    public void RefreshFiles()
    {
        Audit?.Reopen();
        Certificate?.TryReload(_log);
    }

    void Rotate()
    {
        _nonceKeys = _nonceKeys.Rotate(_random);
        foreach (var worker in _workers) worker.TryPost(new TurnOrder.UseNonceKeys(_nonceKeys));
    }

    async Task WhenEnded()
    {
        await Task.WhenAny(_workers.Select(worker => worker.Ended));
        foreach (var worker in _workers) worker.Stop();
        await Task.WhenAll(_workers.Select(worker => worker.Ended));
    }
}
