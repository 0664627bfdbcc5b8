using Portunus.Nodes;

namespace Portunus.Server.Commands;

/// <summary>Where <c>up</c> keeps its store: a folder of the operator's, or one of its own that goes when it ends.</summary>
sealed class DataFolder : IDisposable
{
    DataFolder(string path, bool isKept) => (Path, IsKept) = (path, isKept);

    public string Path { get; }

    public bool IsKept { get; }

    /// <param name="chosen">Null for a temporary one, which nobody else can read.</param>
    /// <exception cref="RefusedException">No folder can be made.</exception>
    public static DataFolder Open(string? chosen)
    {
        if (chosen is not null) return new(chosen, true);
        try
        {
            return new(Directory.CreateTempSubdirectory("portunus-").FullName, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException("No temporary folder can be made; give one with --data DIR.", e);
        }
    }

    public void Dispose()
    {
        if (IsKept) return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warnings.Write($"the temporary folder {Path} could not be removed; remove it by hand.");
        }
    }
}
