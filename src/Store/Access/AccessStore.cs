using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Portunus.Store.Access;

/// <summary>
/// What a WAF and a WWSF keep: an SQLite file of their own, or a PostgreSQL data base that several nodes share. Apart from the
/// subscribers, because a WAF may stand in a third party's domain. For many threads and several processes at once.
/// </summary>
public sealed partial class AccessStore : IDisposable
{
    /// <summary>The file within a data folder.</summary>
    public const string FileName = "waf.db";

    readonly string _name;
    readonly string _connection;
    readonly bool _isPostgres;
    readonly PooledDbContextFactory<AccessContext> _contexts;

    AccessStore(string name, string connection, bool isPostgres)
    {
        (_name, _connection, _isPostgres) = (name, connection, isPostgres);
        var builder = new DbContextOptionsBuilder<AccessContext>();
        Configure(builder);
        _contexts = new(builder.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options, poolSize: 16);
    }

    /// <summary>
    /// Opens the SQLite file in <paramref name="folder"/>, and makes folder, file and tables when they are not there.
    /// </summary>
    /// <exception cref="StoreException">The folder cannot be written, or the file is not one that this version knows.</exception>
    public static AccessStore OpenFolder(string folder)
    {
        var file = StoreFile.Prepare(folder, FileName);
        var connection = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true }.ToString();
        return new AccessStore(file, connection, isPostgres: false).Ensured();
    }

    /// <summary>Opens a PostgreSQL data base, and makes the tables when they are not there.</summary>
    /// <param name="connection">As Npgsql reads it: <c>Host=db;Database=waf;Username=waf;Password=...</c>; a secret.</param>
    /// <exception cref="StoreException">It cannot be reached, or belongs to something else.</exception>
    public static AccessStore OpenPostgres(string connection)
    {
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            return new AccessStore($"{parts.Database} on {parts.Host}:{parts.Port}", connection, isPostgres: true).Ensured();
        }
        catch (ArgumentException e)
        {
            throw new StoreException("The PostgreSQL connection is written Host=...;Database=...;Username=...;Password=...", e);
        }
    }

    /// <summary>How a context of OpenIddict reaches the same tables.</summary>
    public void Configure(DbContextOptionsBuilder builder)
    {
        if (_isPostgres) builder.UseNpgsql(_connection);
        else builder.UseSqlite(_connection);
    }

    /// <summary>Closes the connections that this store keeps open.</summary>
    public void Dispose()
    {
        if (_isPostgres)
        {
            using var pool = new NpgsqlConnection(_connection);
            NpgsqlConnection.ClearPool(pool);
        }
        else
        {
            using var pool = new SqliteConnection(_connection);
            SqliteConnection.ClearPool(pool);
        }
    }

    AccessStore Ensured()
    {
        using var context = _contexts.CreateDbContext();
        AccessSchema.Ensure(context, _name, _isPostgres);
        return this;
    }

    async Task<T> RunAsync<T>(Func<AccessContext, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using var context = await _contexts.CreateDbContextAsync(stop);
            return await work(context);
        }
        catch (Exception e) when (AccessSchema.IsOfDataBase(e))
        {
            throw new StoreException($"The data base {_name} cannot be used: {AccessSchema.Reason(e)}.", e);
        }
    }

    /// <summary>Saves what was added; false when another has the same key, which is nobody's mistake.</summary>
    static async Task<bool> TrySaveAsync(AccessContext context, CancellationToken stop)
    {
        try
        {
            await context.SaveChangesAsync(stop);
            return true;
        }
        catch (DbUpdateException e) when (AccessSchema.IsDuplicate(e))
        {
            context.ChangeTracker.Clear();
            return false;
        }
    }
}
