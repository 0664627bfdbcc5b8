using Microsoft.EntityFrameworkCore;

namespace Portunus.Store.Access;

public sealed partial class AccessStore
{
    /// <summary>The keys for a purpose that are still kept, the oldest first.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<IReadOnlyList<KeyRecord>> FindKeysAsync(string purpose, long now, CancellationToken stop = default) =>
        RunAsync<IReadOnlyList<KeyRecord>>(
            async context => await context.Keys
                .Where(row => row.Purpose == purpose && row.KeptUntil > now)
                .OrderBy(row => row.Generation)
                .Select(row => new KeyRecord(
                    row.Id, row.Purpose, row.Generation, row.Value, row.UsedFrom, row.UsedUntil, row.KeptUntil))
                .ToListAsync(stop),
            stop);

    /// <summary>The generation of the newest key that was ever made for a purpose; -1 before the first.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<int> NewestGenerationAsync(string purpose, CancellationToken stop = default) => RunAsync(
        async context =>
            await context.Keys.Where(row => row.Purpose == purpose).MaxAsync(row => (int?)row.Generation, stop) ?? -1,
        stop);

    /// <summary>
    /// Keeps a new key; false when another node made the same generation first. What is not kept any longer goes, but for the
    /// newest generation, which tells where to go on.
    /// </summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<bool> TryAddKeyAsync(KeyRecord key, long now, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            context.Add(new KeyRow
            {
                Id = key.Id, Purpose = key.Purpose, Generation = key.Generation, Value = key.Value,
                UsedFrom = key.UsedFrom, UsedUntil = key.UsedUntil, KeptUntil = key.KeptUntil,
            });
            if (!await TrySaveAsync(context, stop)) return false;
            await context.Keys
                .Where(row => row.Purpose == key.Purpose && row.KeptUntil <= now && row.Generation < key.Generation)
                .ExecuteDeleteAsync(stop);
            return true;
        },
        stop);
}
