using System.Security.Cryptography;
using System.Text.Json;

namespace Portunus.Nodes.Enrol;

/// <summary>
/// Codes that were handed out and not used: their hashes in a file, which the command that invites and the listener share.
/// </summary>
/// <param name="file">Made when it is not there; for its owner alone.</param>
/// <param name="time">Codes end by it.</param>
public sealed class Invitations(string file, TimeProvider time)
{
    /// <summary>More nodes than anybody sets up at a time; bounds the file.</summary>
    public const int Most = 1000;

    /// <summary>Keeps a code until it is used or ends.</summary>
    /// <exception cref="RefusedException">There are too many, or the file cannot be used.</exception>
    public void Add(EnrolmentCode code, TimeSpan lifetime) => Change(kept =>
    {
        if (kept.Count >= Most) throw new RefusedException($"{Most} invitations are open; wait until some have ended.");
        var ends = (time.GetUtcNow() + lifetime).ToUnixTimeSeconds();
        kept.Add(new(Convert.ToHexStringLower(EnrolmentCode.HashOf(code.Secret)), code.Name, ends));
        return true;
    });

    /// <summary>
    /// Uses up the code of that secret, if it is for that name and has not ended; a wrong name leaves it, for who has it was told
    /// the name as well.
    /// </summary>
    /// <exception cref="RefusedException">The file cannot be used.</exception>
    public bool TryTake(string secret, string name) => Change(kept =>
    {
        var hash = EnrolmentCode.HashOf(secret);
        Invitation? found = null;
        // All of them, in the same time whichever it is.
        foreach (var one in kept)
            if (CryptographicOperations.FixedTimeEquals(Convert.FromHexString(one.Hash), hash)) found = one;
        return found is not null && found.Name == name && kept.Remove(found);
    });

    /// <summary>One process at a time; what has ended is let go of.</summary>
    T Change<T>(Func<List<Invitation>, T> change)
    {
        try
        {
            using var stream = Open();
            var kept = stream.Length == 0 ? [] : JsonSerializer.Deserialize<List<Invitation>>(stream) ?? [];
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            kept.RemoveAll(one => one.Ends <= now);
            var result = change(kept);
            stream.SetLength(0);
            JsonSerializer.Serialize(stream, kept);
            stream.Flush(flushToDisk: true);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RefusedException($"The invitations in {file} cannot be used: {e.Message}", e);
        }
    }

    FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new(file, options);
            }
            catch (IOException) when (attempt < 50 && File.Exists(file))
            {
                // The other process has it, for a few milliseconds.
                Thread.Sleep(20);
            }
        }
    }

    sealed record Invitation(string Hash, string Name, long Ends);
}
