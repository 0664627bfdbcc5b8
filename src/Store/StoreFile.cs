using Microsoft.Data.Sqlite;

namespace Portunus.Store;

/// <summary>The file under the store: made for its owner alone, because a digest hash is as good as a password.</summary>
static class StoreFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The path of the data base in <paramref name="folder"/>; both exist afterwards.</summary>
    /// <exception cref="StoreException">They cannot be made or written.</exception>
    public static string Prepare(string folder, string name = SubscriberStore.FileName)
    {
        try
        {
            folder = Path.GetFullPath(folder);
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            var file = Path.Combine(folder, name);
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
            };
            // SQLite gives its log files the mode of the data base.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (new FileStream(file, options))
                return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = e.Message.TrimEnd('.');
            throw new StoreException($"The data folder {folder} cannot be used: {reason}; name a folder that can be written.", e);
        }
    }

    /// <summary>What SQLite says, without its error number and quotes.</summary>
    public static string Reason(Exception e)
    {
        var sqlite = e as SqliteException ?? e.InnerException as SqliteException;
        return (sqlite?.Message ?? e.Message).Split('\'') is [_, var reason, ..] ? reason.TrimEnd('.') : "the data base failed";
    }
}
