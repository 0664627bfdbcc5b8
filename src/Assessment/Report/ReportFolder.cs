using Portunus.Assessment.Results;
using Portunus.Nodes;

namespace Portunus.Assessment.Report;

/// <summary>The folder that a run writes: <c>assessment.json</c> and what is made of it.</summary>
/// <param name="path">Made when it is not there; files of an earlier run are written over.</param>
public sealed class ReportFolder(string path)
{
    /// <summary>Sees that it can be written, before hours of measuring.</summary>
    /// <exception cref="RefusedException">It cannot.</exception>
    public void Prepare() => Try(() => Directory.CreateDirectory(path));

    /// <returns>The files.</returns>
    /// <exception cref="RefusedException">They cannot be written.</exception>
    public IReadOnlyList<string> Write(AssessmentResult result)
    {
        (string Name, string Text)[] files = [("assessment.json", AssessmentJson.Write(result))];
        Try(() =>
        {
            foreach (var (name, text) in files) File.WriteAllText(Path.Combine(path, name), text);
        });
        return [.. files.Select(file => Path.Combine(path, file.Name))];
    }

    void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RefusedException($"The folder {path} cannot be written; give another with --out DIR.", e);
        }
    }
}
