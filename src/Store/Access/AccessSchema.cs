using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SQLitePCL;

namespace Portunus.Store.Access;

/// <summary>The tables of a WAF's data base, made on first use in one transaction that a second node waits for.</summary>
/// <remarks>There is one version yet; migrations begin with the second.</remarks>
static class AccessSchema
{
    const int Version = 1;

    // "Paut": tells the file from the subscribers' and from any other. In PostgreSQL the number of the lock.
    const long ApplicationId = 0x50617574;

    /// <exception cref="StoreException">It cannot be reached, or belongs to something else, or to a newer version.</exception>
    public static void Ensure(AccessContext context, string name, bool isPostgres)
    {
        try
        {
            context.Database.OpenConnection();
            if (!isPostgres) Execute(context, "PRAGMA journal_mode = WAL");
            using var transaction = context.Database.BeginTransaction(
                isPostgres ? IsolationLevel.ReadCommitted : IsolationLevel.Serializable);
            if (isPostgres) Execute(context, $"SELECT pg_advisory_xact_lock({ApplicationId})");
            var tables = Number(context, isPostgres
                ? "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
                : "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
            if (tables != 0)
            {
                Check(context, name, isPostgres);
                return;
            }

            Execute(context, context.Database.GenerateCreateScript());
            Execute(context, "CREATE TABLE portunus_waf (version integer NOT NULL)");
            Execute(context, $"INSERT INTO portunus_waf VALUES ({Version})");
            transaction.Commit();
        }
        catch (Exception e) when (IsOfDataBase(e))
        {
            throw new StoreException($"The data base {name} cannot be used: {Reason(e)}.", e);
        }
    }

    /// <summary>Whether a data base failed, not the program.</summary>
    public static bool IsOfDataBase(Exception e) =>
        e is DbException or DbUpdateException or SocketException || e.InnerException is DbException or SocketException;

    /// <summary>Whether a unique constraint said no.</summary>
    public static bool IsDuplicate(DbUpdateException e) => e.InnerException is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        or SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT };

    /// <summary>What the data base says, which holds no value of a row and no password.</summary>
    public static string Reason(Exception e) => (e as PostgresException ?? e.InnerException as PostgresException) is { } postgres
        ? postgres.MessageText
        : e is NpgsqlException or SocketException || e.InnerException is NpgsqlException ? "it cannot be reached"
        : StoreFile.Reason(e);

    static void Check(AccessContext context, string name, bool isPostgres)
    {
        var ours = Number(context, isPostgres
            ? "SELECT count(*) FROM information_schema.tables "
                + "WHERE table_schema = current_schema() AND table_name = 'portunus_waf'"
            : "SELECT count(*) FROM sqlite_schema WHERE name = 'portunus_waf'");
        if (ours == 0) throw new StoreException($"{name} is not a data base of a WAF of Portunus; use another one.");
        if (Number(context, "SELECT max(version) FROM portunus_waf") > Version)
            throw new StoreException($"{name} was written by a newer Portunus; use that one, or another data base.");
    }

    static long Number(AccessContext context, string sql)
    {
        using var command = Command(context, sql);
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }

    static void Execute(AccessContext context, string sql)
    {
        using var command = Command(context, sql);
        command.ExecuteNonQuery();
    }

    static DbCommand Command(AccessContext context, string sql)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }
}
