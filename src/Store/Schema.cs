using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portunus.Store;

/// <summary>
/// The tables of this version, made on first use. The file says whose it is and which version in the two numbers that SQLite
/// keeps in its header for that purpose.
/// </summary>
/// <remarks>
/// A new file gets its tables from the model, an older one the steps that it lacks; either in one transaction that a second
/// process waits for.
/// </remarks>
static class Schema
{
    /// <summary>Step n brings version n + 1 to the next; what was released is never changed.</summary>
    static readonly string[] Steps =
    [
        """
        ALTER TABLE "subscribers" ADD COLUMN "limits_web_functions" INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE "public_identities" ADD COLUMN "registration_set" INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE "allowed_web_functions" (
            "impi" TEXT NOT NULL,
            "name" TEXT NOT NULL,
            CONSTRAINT "PK_allowed_web_functions" PRIMARY KEY ("impi", "name"),
            CONSTRAINT "FK_allowed_web_functions_subscribers_impi"
                FOREIGN KEY ("impi") REFERENCES "subscribers" ("impi") ON DELETE CASCADE);
        """,
    ];

    static long Version => Steps.Length + 1;

    // "Ptun": tells our file from any other SQLite data base.
    const long ApplicationId = 0x5074756e;

    /// <exception cref="StoreException">The file belongs to something else, or to a newer version.</exception>
    public static void Ensure(StoreContext context, string file)
    {
        try
        {
            context.Database.OpenConnection();
            Execute(context, "PRAGMA journal_mode = WAL");
            // Not deferred: takes the write lock now, so that of two first users one makes the tables and the other finds them.
            using var transaction = context.Database.BeginTransaction(IsolationLevel.Serializable);
            var (id, version) = (Number(context, "PRAGMA application_id"), Number(context, "PRAGMA user_version"));
            if (id == ApplicationId && version == Version) return;
            if (id == ApplicationId && version > Version)
                throw new StoreException($"{file} was written by a newer Portunus; use that one, or another data folder.");
            if (id == ApplicationId && version > 0)
            {
                foreach (var step in Steps[(int)(version - 1)..]) Execute(context, step);
            }
            else if (id != 0 || version != 0 || Number(context, "SELECT count(*) FROM sqlite_schema") != 0)
            {
                throw new StoreException($"{file} is not a data base of Portunus; use another data folder.");
            }
            else
            {
                Execute(context, context.Database.GenerateCreateScript());
            }

            Execute(context, $"PRAGMA application_id = {ApplicationId}");
            Execute(context, $"PRAGMA user_version = {Version}");
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw new StoreException(
                e.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB
                    ? $"{file} is not a data base of Portunus; use another data folder."
                    : $"The data base {file} cannot be used: {StoreFile.Reason(e)}.",
                e);
        }
    }

    static long Number(StoreContext context, string sql)
    {
        using var command = Command(context, sql);
        return (long)command.ExecuteScalar()!;
    }

    static void Execute(StoreContext context, string sql)
    {
        using var command = Command(context, sql);
        command.ExecuteNonQuery();
    }

    static DbCommand Command(StoreContext context, string sql)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }
}
