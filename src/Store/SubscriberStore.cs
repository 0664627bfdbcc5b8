using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using SQLitePCL;

namespace Portunus.Store;

/// <summary>
/// The subscribers of a home domain in one SQLite file: what an HSS would hold. For many threads and several processes at
/// once (write-ahead log; a writer waits for another).
/// </summary>
public sealed class SubscriberStore : IDisposable
{
    /// <summary>The file within a data folder.</summary>
    public const string FileName = "portunus.db";

    readonly string _file;
    readonly string _connection;
    readonly PooledDbContextFactory<StoreContext> _contexts;

    SubscriberStore(string file)
    {
        _file = file;
        _connection = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true }.ToString();
        _contexts = new(
            new DbContextOptionsBuilder<StoreContext>()
                .UseSqlite(_connection)
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                .Options,
            poolSize: 16);
    }

    /// <summary>
    /// Opens the store in <paramref name="folder"/>, and makes folder, file and tables when they are not there.
    /// </summary>
    /// <exception cref="StoreException">
    /// The folder cannot be written, or the file is not a store that this version knows.
    /// </exception>
    public static SubscriberStore Open(string folder)
    {
        var store = new SubscriberStore(StoreFile.Prepare(folder));
        using var context = store._contexts.CreateDbContext();
        Schema.Ensure(context, store._file);
        return store;
    }

    /// <summary>The subscriber with this private identity; null when there is none.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public Task<SubscriberRecord?> FindByImpiAsync(string impi, CancellationToken stop = default) =>
        FindAsync(rows => rows.Where(row => row.Impi == impi), stop);

    /// <summary>The subscriber to whom this public identity belongs; null when nobody has it.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public Task<SubscriberRecord?> FindByImpuAsync(string impu, CancellationToken stop = default) =>
        FindAsync(rows => rows.Where(row => row.Identities.Any(identity => identity.Impu == impu)), stop);

    /// <summary>Keeps a subscriber; takes the place of what was kept under its private identity.</summary>
    /// <exception cref="ArgumentException">A set without a public identity, or a hash of the wrong length.</exception>
    /// <exception cref="StoreException">
    /// Another subscriber has one of the public identities, or the file cannot be written.
    /// </exception>
    public async Task SaveAsync(SubscriberRecord subscriber, CancellationToken stop = default)
    {
        Validate(subscriber);
        try
        {
            await using var context = await _contexts.CreateDbContextAsync(stop);
            // One transaction, and the write lock is taken by its first statement: two writers cannot interleave.
            await using var transaction = await context.Database.BeginTransactionAsync(stop);
            await context.Subscribers.Where(row => row.Impi == subscriber.Impi).ExecuteDeleteAsync(stop);
            context.Add(SubscriberRow.From(subscriber));
            await context.SaveChangesAsync(stop);
            await transaction.CommitAsync(stop);
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT })
        {
            throw new StoreException($"A public identity of {subscriber.Impi} already belongs to another one in {_file}.", e);
        }
        catch (Exception e) when (e is SqliteException or DbUpdateException)
        {
            throw new StoreException($"The data base {_file} cannot be written: {StoreFile.Reason(e)}.", e);
        }
    }

    /// <summary>Closes the connections that this store keeps open to its file.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    static void Validate(SubscriberRecord subscriber)
    {
        if (subscriber.Impi.Length == 0 || subscriber.Impus.Count == 0 || subscriber.MoreSets.Any(set => set.Count == 0))
            throw new ArgumentException("A subscriber has a private identity, and each of its sets at least one public one.");
        if (subscriber.HashMd5 is { Length: not 16 } || subscriber.HashSha256 is { Length: not 32 })
            throw new ArgumentException("An MD5 hash has 16 bytes, a SHA-256 hash 32.");
    }

    async Task<SubscriberRecord?> FindAsync(
        Func<IQueryable<SubscriberRow>, IQueryable<SubscriberRow>> which, CancellationToken stop)
    {
        try
        {
            await using var context = await _contexts.CreateDbContextAsync(stop);
            var row = await which(context.Subscribers)
                .Include(row => row.Identities)
                .Include(row => row.Hashes)
                .Include(row => row.WebFunctions)
                // One statement, not three of which two run only for a name that is there: its time would tell who exists.
                .AsSingleQuery()
                .SingleOrDefaultAsync(stop);
            return row?.ToRecord();
        }
        catch (SqliteException e)
        {
            throw new StoreException($"The data base {_file} cannot be read: {StoreFile.Reason(e)}.", e);
        }
    }
}
