using Portunus.Assessment.Report.Html;
using Portunus.Assessment.Report.Markdown;
using Portunus.Assessment.Report.Sections;
using Portunus.Assessment.Results;
using Portunus.Nodes;

namespace Portunus.Assessment.Report;

/// <summary>The folder that a run writes: <c>assessment.json</c>, and <c>.md</c> and <c>.html</c> made of it.</summary>
/// <param name="path">Made when it is not there; files of an earlier run are written over.</param>
public sealed class ReportFolder(string path)
{
    /// <summary>Sees that it can be written, before hours of measuring.</summary>
    /// <exception cref="RefusedException">It cannot.</exception>
    public void Prepare() => Try(() =>
    {
        Directory.CreateDirectory(path);
        var trial = Path.Combine(path, $".assessment.{Environment.ProcessId}.trial");
        File.WriteAllText(trial, "");
        File.Delete(trial);
    });

    /// <summary>Each file is there whole or as it was: a reader never meets half of one.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="RefusedException">They cannot be written.</exception>
    public IReadOnlyList<string> Write(AssessmentResult result)
    {
        var rounded = Rounding.Of(result);
        var document = ReportDocument.Of(rounded);
        (string Name, string Text)[] files =
        [
            ("assessment.json", AssessmentJson.Write(rounded)), ("assessment.md", MarkdownText.Write(document)),
            ("assessment.html", HtmlPage.Write(document)),
        ];
        Try(() =>
        {
            foreach (var (name, text) in files) Put(name, text);
        });
        return [.. files.Select(file => Path.Combine(path, file.Name))];
    }

    void Put(string name, string text)
    {
        var half = Path.Combine(path, $".{name}.{Environment.ProcessId}.half");
        try
        {
            File.WriteAllText(half, text);
            File.Move(half, Path.Combine(path, name), overwrite: true);
        }
        catch
        {
            File.Delete(half);
            throw;
        }
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
