using System.Text.RegularExpressions;
using Portunus.Tests.Io.Architecture;

namespace Portunus.Tests.Io.Transfer;

/// <summary>What docs/openapi.yaml describes: paths, methods and statuses, read by the document's own indentation.</summary>
static partial class OpenApi
{
    /// <summary>Lines like "PUT /path 201", in order.</summary>
    public static IReadOnlyList<string> Answers { get; } = [.. Read()];

    /// <summary>Lines like "PUT /path", in order.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. Answers.Select(a => a[..a.LastIndexOf(' ')]).Distinct()];

    static IEnumerable<string> Read()
    {
        var (path, method) = ("", "");
        var document = File.ReadLines(Path.Combine(Repository.Root, "docs", "openapi.yaml"));
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
