using Portunus.Nodes;

namespace Portunus.Server.Import;

/// <summary>Where imported secrets go: into files of their own, written or only named, or into the configuration itself.</summary>
/// <param name="folder">Where files are written; null: they are named, and the operator writes them.</param>
/// <param name="isInline">Whether the configuration holds them itself.</param>
sealed class SecretPlaces(string? folder, bool isInline)
{
    readonly List<(string Name, string Value)> _files = [];

    /// <summary>What the configuration says in place of a secret.</summary>
    /// <param name="name">Of the file, without a folder.</param>
    /// <param name="value">The secret.</param>
    public string Put(string name, string value)
    {
        if (isInline) return value;
        _files.Add((name, value));
        return $"@{name}";
    }

    /// <summary>Writes the files, each for its owner alone; none that is there is touched.</summary>
    /// <exception cref="RefusedException">One is there already, or cannot be written.</exception>
    public IEnumerable<string> Write()
    {
        foreach (var (name, value) in _files)
        {
            if (folder is null)
            {
                yield return $"{name} must be written by you, beside the configuration, for its owner alone";
                continue;
            }

            var path = Path.Combine(folder, name);
            Write(path, value);
            yield return $"{path} was written";
        }
    }

    static void Write(string path, string value)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new StreamWriter(path, options);
            file.WriteLine(value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The file {path} cannot be written; it must not be there yet, in a folder that is.", e);
        }
    }
}
