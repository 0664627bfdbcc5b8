using System.Runtime.InteropServices;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>The table of coturn's SQLite file from which it takes keys of access tokens; it makes its other tables itself.</summary>
static class TokenKeyStore
{
    const string Sqlite = "libsqlite3.so.0";

    /// <exception cref="InvalidOperationException">SQLite says no.</exception>
    public static void Write(string file, TokenKey key, string realm)
    {
        Must(sqlite3_open(file, out var store));
        var statements =
            $"""
            CREATE TABLE oauth_key (kid varchar(128), ikm_key varchar(256), timestamp bigint default 0,
                lifetime integer default 0, as_rs_alg varchar(64) default '', realm varchar(127), primary key (kid));
            INSERT INTO oauth_key VALUES ('{key.Kid}', '{Convert.ToBase64String(key.Key)}', 0, 0, 'A256GCM', '{realm}');
            """;
        Must(sqlite3_exec(store, statements, 0, 0, 0));
        Must(sqlite3_close(store));
    }

    static void Must(int result)
    {
        if (result != 0) throw new InvalidOperationException($"SQLite ends with {result}");
    }

    // coturn is linked with the same library.
    [DllImport(Sqlite)] static extern int sqlite3_open(string file, out nint store);
    [DllImport(Sqlite)] static extern int sqlite3_exec(nint store, string statements, nint callback, nint state, nint error);
    [DllImport(Sqlite)] static extern int sqlite3_close(nint store);
}
