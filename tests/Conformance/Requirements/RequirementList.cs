namespace Portunus.Tests.Conformance.Requirements;

/// <summary>The committed rows of <c>rfc*.txt</c> beside this file: "section #number | whom | levels | first words | check check", or
/// "| - why a black box cannot see it".</summary>
static class RequirementList
{
    /// <summary>The level of a rule that its RFC writes as plain prose: "the server rejects the request with 437".</summary>
    public const string Prose = "prose";

    public static readonly int[] Rfcs = [8489, 8656, 6062, 7635, 8016];

    public static IReadOnlyList<Requirement> All { get; } = [.. Rfcs.SelectMany(rfc => Lines(rfc).Select(line => Read(rfc, line)))];

    /// <summary>The lines of one RFC's rows, without comments.</summary>
    static IEnumerable<string> Lines(int rfc)
    {
        using var stream = typeof(RequirementList).Assembly.GetManifestResourceStream($"rfc{rfc}.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
    }

    /// <exception cref="FormatException">The line has another form.</exception>
    static Requirement Read(int rfc, string line)
    {
        if (line.Split(" | ") is not [var place, var binds, var levels, var words, var shown]
            || place.Split(" #") is not [var section, var number] || !int.TryParse(number, out var n))
            throw new FormatException($"rfc{rfc}.txt has a line of another form: {line}");
        return shown.StartsWith("- ", StringComparison.Ordinal)
            ? new(rfc, section, n, words, levels, binds, [], shown[2..])
            : new(rfc, section, n, words, levels, binds, shown.Split(' '), "");
    }
}
