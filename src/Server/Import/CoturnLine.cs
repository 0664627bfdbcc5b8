using Portunus.Nodes;

namespace Portunus.Server.Import;

/// <summary>One setting of a <c>turnserver.conf</c>.</summary>
/// <param name="Number">Of the line, from 1.</param>
/// <param name="Name">The option's long name.</param>
/// <param name="Value">Without quotes; empty when there is none.</param>
sealed record CoturnLine(int Number, string Name, string Value)
{
    // Hundreds of lines with their comments; what is longer is the wrong file.
    const int MostBytes = 1024 * 1024;

    /// <summary>Whether it says yes: nothing, or a word that coturn takes for true. Null for a word that it knows not.</summary>
    public bool? IsTrue => Value.ToLowerInvariant() switch
    {
        "" or "1" or "on" or "yes" or "true" or "t" or "y" => true,
        "0" or "off" or "no" or "false" or "f" or "n" => false,
        _ => null,
    };

    /// <summary>Every setting of a file, in its order. A line is a name, then '=' or blanks, then the value; '#' begins a comment where a
    /// line begins, and nowhere else.</summary>
    /// <exception cref="RefusedException">The file cannot be read.</exception>
    public static IReadOnlyList<CoturnLine> Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                throw new RefusedException($"{path} is too long for a turnserver.conf.");
            return [.. File.ReadAllLines(path).Select((text, index) => Read(text, index)).OfType<CoturnLine>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RefusedException($"{path} cannot be read; name a readable turnserver.conf.", e);
        }
    }

    /// <summary>It may hold a secret.</summary>
    public override string ToString() => $"line {Number}: {Name}";

    static CoturnLine? Read(string line, int index)
    {
        var text = line.Trim();
        if (text.Length == 0 || text[0] == '#') return null;
        var end = text.IndexOfAny([' ', '\t', '=']);
        var name = end < 0 ? text : text[..end];
        var value = end < 0 ? "" : text[end..].TrimStart(' ', '\t', '=').Trim();
        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"') value = value[1..^1];
        // Some write the option as on a command line.
        return new(index + 1, name.TrimStart('-'), value);
    }
}
