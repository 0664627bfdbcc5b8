using System.Text.RegularExpressions;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Io.Transfer;

/// <summary>What a document of docs describes: paths, methods and statuses, read by the document's own indentation.</summary>
sealed partial class OpenApi(string file)
{
    /// <summary>Of the TURN server's interface.</summary>
    public static OpenApi Turn { get; } = new("openapi.yaml");

    /// <summary>Of the edge's interface.</summary>
    public static OpenApi Edge { get; } = new("openapi.edge.yaml");

    /// <summary>Lines like "PUT /path 201", in order.</summary>
    public IReadOnlyList<string> Answers => [.. Read(file)];

    /// <summary>Lines like "PUT /path", in order.</summary>
    public IReadOnlyList<string> Operations => [.. Answers.Select(a => a[..a.LastIndexOf(' ')]).Distinct()];

    static IEnumerable<string> Read(string file)
    {
        var (path, method) = ("", "");
        var document = File.ReadLines(Path.Combine(Repository.Root, "docs", file));
        foreach (var line in document.TakeWhile(line => line != "components:"))
        {
            if (PathLine().Match(line) is { Success: true } found) path = found.Groups[1].Value;
            else if (MethodLine().Match(line) is { Success: true } verb) method = verb.Groups[1].Value.ToUpperInvariant();
            else if (StatusLine().Match(line) is { Success: true } status)
                yield return $"{method} {path} {status.Groups[1].Value}";
        }
    }

    [GeneratedRegex("^  (/[^ ]*):$")]
    private static partial Regex PathLine();

    [GeneratedRegex("^    (get|put|post|delete):$")]
    private static partial Regex MethodLine();

    [GeneratedRegex("^        \"([1-5][0-9][0-9])\":")]
    private static partial Regex StatusLine();
}
