using System.Collections.Immutable;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// What is ordered while it runs. Called by any thread.
public sealed partial class TurnNode
{
    /// <summary>So many orders are under way at a time; the others wait for their turn and find room in every inbox.</summary>
    const int MostOrders = 64;

    readonly SemaphoreSlim _turns = new(MostOrders);

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
