using Microsoft.EntityFrameworkCore;

namespace Portunus.Store.Access;

public sealed partial class AccessStore
{
    // Against nodes that always take what we tried: each turn somebody got an identity, so this many had theirs before us.
    const int Attempts = 32;

    /// <summary>Makes a pool hold exactly these identities. Leases of those that left end.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task SavePoolAsync(string pool, IReadOnlyList<string> impus, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(stop);
            await context.PoolIdentities.Where(row => row.Pool == pool && !impus.Contains(row.Impu)).ExecuteDeleteAsync(stop);
            var known = await context.PoolIdentities.Where(row => row.Pool == pool).Select(row => row.Impu).ToListAsync(stop);
            context.AddRange(impus.Except(known).Select(impu => new PoolIdentityRow { Impu = impu, Pool = pool }));
            await context.SaveChangesAsync(stop);
            await transaction.CommitAsync(stop);
            return true;
        },
        stop);

    /// <summary>
    /// The identity that a holder has or had last, while nobody else took it; otherwise of the free ones that which was not
    /// used for longest. Null when none is free.
    /// </summary>
    /// <param name="pool">Its name.</param>
    /// <param name="holder">Who: the web identity or session of a site.</param>
    /// <param name="id">Of a new lease; random.</param>
    /// <param name="now">Unix seconds.</param>
    /// <param name="seconds">For which it is given.</param>
    /// <param name="grace">Seconds after its end in which it stays reserved for its holder.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<Lease?> TakeLeaseAsync(
        string pool, string holder, string id, long now, int seconds, int grace, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            var until = now + seconds;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await RenewAsync(context, pool, holder, now, until, until + grace, stop) is { } renewed) return renewed;
                var free = await FindFreeAsync(context, pool, now, stop);
                if (free is null) return null;
                // Only if it is still over: another node may have renewed it since.
                await context.Leases.Where(row => row.Impu == free && row.FreeAt <= now).ExecuteDeleteAsync(stop);
                context.Add(new LeaseRow
                {
                    Impu = free, Pool = pool, Holder = holder, Id = id, Until = until, FreeAt = until + grace,
                });
                if (!await TrySaveAsync(context, stop)) continue;
                await UseAsync(context, free, now, stop);
                return new Lease(id, free, until);
            }

            return null;
        },
        stop);

    /// <summary>
    /// Ends a lease. Its identity is free for others only when the tokens that were made for it can live no longer.
    /// </summary>
    /// <returns>False when there is no such lease.</returns>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<bool> EndLeaseAsync(string pool, string holder, CancellationToken stop = default) => RunAsync(
        async context => await context.Leases.Where(row => row.Pool == pool && row.Holder == holder)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FreeAt, row => row.Until), stop) == 1,
        stop);

    /// <summary>Unix seconds at which the next identity of a full pool can become free; null when it has none at all.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<long?> NextFreeAsync(string pool, CancellationToken stop = default) => RunAsync(
        context => context.Leases.Where(row => row.Pool == pool).MinAsync(row => (long?)row.FreeAt, stop), stop);

    static async Task<Lease?> RenewAsync(
        AccessContext context, string pool, string holder, long now, long until, long freeAt, CancellationToken stop)
    {
        var own = context.Leases.Where(row => row.Pool == pool && row.Holder == holder);
        if (await own.SingleOrDefaultAsync(stop) is not { } lease) return null;
        // Still its holder's when it is written: another may have taken an identity that was over.
        var end = Math.Max(until, lease.Until);
        var renewed = await own.Where(row => row.Impu == lease.Impu && row.Id == lease.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Until, end).SetProperty(row => row.FreeAt, end + (freeAt - until)), stop);
        if (renewed == 0) return null;
        await UseAsync(context, lease.Impu, now, stop);
        return new Lease(lease.Id, lease.Impu, end);
    }

    static Task UseAsync(AccessContext context, string impu, long now, CancellationToken stop) =>
        context.PoolIdentities.Where(row => row.Impu == impu)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsed, now), stop);

    static Task<string?> FindFreeAsync(AccessContext context, string pool, long now, CancellationToken stop) =>
        context.PoolIdentities
            .Where(identity => identity.Pool == pool
                && !context.Leases.Any(lease => lease.Impu == identity.Impu && lease.FreeAt > now))
            .OrderBy(identity => identity.LastUsed).ThenBy(identity => identity.Impu)
            .Select(identity => identity.Impu)
            .FirstOrDefaultAsync(stop);
}
