using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What is ordered while it runs. Called by any thread.
public sealed partial class TurnNode
{
    /// <summary>So many orders are under way at a time; the others wait for their turn and find room in every inbox.</summary>
    const int MostOrders = 64;

    readonly SemaphoreSlim _turns = new(MostOrders);

    // How late it may be noticed that nothing lives any more.
    static readonly TimeSpan FarewellInterval = TimeSpan.FromMilliseconds(100);

    // One change after the other, so that every worker ends with the last.
    readonly SemaphoreSlim _changes = new(1);

    readonly TimeSpan _drainPatience;

    /// <summary>Every worker finds credentials by this from now on: other keys, secrets or users, with no allocation
    /// lost.</summary>
    /// <returns>Ends when all workers do.</returns>
    public Task UseAsync(ICredentialVerifier verifier) => OrderAsync(new TurnOrder.UseVerifier(verifier));

    /// <summary>
    /// Refuses subjects from now on, whatever their credentials say, and ends what lives on them, on every worker.
    /// </summary>
    /// <param name="subjects">As <see cref="Subject.OfId"/> gives them for what was handed out for one registration.</param>
    /// <param name="deniedFor">How long: after it none of their credentials may be good any more.</param>
    /// <returns>Ends when all workers have obeyed: no datagram of theirs is relayed then. False when the table of denials is
    /// full, so that what lived has ended, but what credentials are left may begin anew.</returns>
    public async Task<bool> RevokeAsync(ImmutableArray<Subject> subjects, TimeSpan deniedFor)
    {
        var now = SystemClock.Now;
        // First the ledger: a request that passed before has its allocation by the time the order is obeyed.
        var denied = subjects.Count(subject => _ledger.TryDeny(now, subject, now + deniedFor)) == subjects.Length;
        await EndAsync(subjects);
        return denied;
    }

    /// <summary>Ends what lives on subjects whose credentials are gone already.</summary>
    /// <returns>Ends when all workers have obeyed.</returns>
    public Task EndAsync(ImmutableArray<Subject> subjects) => OrderAsync(new TurnOrder.Revoke(subjects));

    /// <summary>Since when new allocations are turned away; null while they are not.</summary>
    public Instant? DrainsSince { get; private set; }

    /// <summary>Turns new allocations away, to alternates where there are any, or lets them begin again.</summary>
    /// <returns>Ends when all workers do.</returns>
    public async Task DrainAsync(bool begins)
    {
        await _changes.WaitAsync();
        try
        {
            if (begins == DrainsSince is not null) return;
            DrainsSince = begins ? SystemClock.Now : null;
            await OrderAsync(new TurnOrder.Drain(begins));
            if (begins) RelayLog.DrainBegan(_log);
            else RelayLog.DrainEnded(_log);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Before the node is stopped: lets what lives go on while nothing new begins, for as long as the settings say, and
    /// returns sooner when nothing lives any more.</summary>
    public async Task FarewellAsync()
    {
        if (_drainPatience <= TimeSpan.Zero) return;
        await DrainAsync(true);
        RelayLog.Farewell(_log, _drainPatience.TotalSeconds);
        var end = SystemClock.Now + _drainPatience;
        while (Sessions().Length > 0 && SystemClock.Now < end && !Ended.IsCompleted) await Task.Delay(FarewellInterval);
    }

    /// <summary>
    /// Takes over other rules for peers, quotas, lifetimes and alternates. What the node was started with stays
    /// (<see cref="TurnSettings.KeepingFixed"/>). No allocation ends by it and no datagram is lost, but what peers may not do
    /// any more is cut off.
    /// </summary>
    /// <returns>Ends when all workers have taken them over.</returns>
    /// <exception cref="RefusedException">A setting makes no sense; nothing has changed.</exception>
    public async Task ApplyAsync(TurnSettings rules)
    {
        var applied = rules.KeepingFixed(_rules) with
        {
            MaxAllocations = Math.Min(rules.MaxAllocations, _rules.MaxAllocations),
            Unauthenticated = rules.Unauthenticated.Share(_workers.Length),
        };
        var mistakes = applied.Mistakes().ToArray();
        if (mistakes.Length > 0) throw new RefusedException(string.Join(' ', mistakes));
        await _changes.WaitAsync();
        try
        {
            await OrderAsync(new TurnOrder.Apply(applied));
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Takes over other limits of connections, and other balancers. What is open stays open.</summary>
    public void Use(StreamLimits limits, ImmutableArray<AddressRange> proxyProtocolFrom) => _connections.Use(limits, proxyProtocolFrom);

    async Task OrderAsync(TurnOrder order)
    {
        await _turns.WaitAsync();
        try
        {
            await Task.WhenAll(_workers.Select(worker => worker.ObeyAsync(order)));
        }
        finally
        {
            _turns.Release();
        }
    }
}
