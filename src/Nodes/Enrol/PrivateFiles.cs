namespace Portunus.Nodes.Enrol;

/// <summary>Files that only their owner may read, in a folder that only it may enter.</summary>
public static class PrivateFiles
{
    const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file that is not there yet; makes the folder when that is not.</summary>
    /// <exception cref="RefusedException">It is there, or cannot be written.</exception>
    public static void Write(string folder, string name, string text)
    {
        var file = Path.Combine(folder, name);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
            using var writer = new StreamWriter(new FileStream(file, options));
            writer.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RefusedException($"{file} cannot be written, or is there already; name another folder.", e);
        }
    }
}
