using System.Text.Json;
using Portunus.Nodes;

namespace Portunus.Server.Configuration;

/// <summary>A configuration file that was read: its sections, or everything that is wrong with it.</summary>
/// <param name="Path">As the operator named it.</param>
/// <param name="Root">Null when a mistake stands in the file.</param>
/// <param name="Mistakes">In the order of the file.</param>
sealed record ConfigurationFile(string Path, PortunusFile? Root, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>As it stands there; null when it is not JSON.</summary>
    public Item? Tree { get; private init; }

    // Some hundred lines; what is longer is the wrong file.
    const int MostBytes = 1024 * 1024;

    /// <param name="path">Of the file.</param>
    /// <param name="warn">Takes what the operator should know although it goes on.</param>
    /// <exception cref="RefusedException">The file cannot be read.</exception>
    public static ConfigurationFile Read(string path, Action<string> warn)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
                throw new RefusedException($"{path} is too long for a configuration.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RefusedException($"{path} cannot be read; name a readable file.", e);
        }

        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return Parse(path, bytes, folder, warn);
    }

    /// <summary>All mistakes, one a line.</summary>
    public string Complaint => string.Join('\n', Mistakes.Select(mistake => mistake.In(Path)));

    /// <param name="path">As the operator named it.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="folder">What relative names of files begin at.</param>
    /// <param name="warn">Takes what the operator should know although it goes on.</param>
    public static ConfigurationFile Parse(string path, byte[] bytes, string folder, Action<string> warn)
    {
        Item item;
        try
        {
            item = JsonTree.Read(bytes);
        }
        catch (JsonException e)
        {
            var at = new Place((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            return new(path, null, [new(at, $"This is not JSON: {Reason(e)}")]);
        }

        var binder = new Binder(new(folder, warn));
        var root = binder.Read<PortunusFile>(item);
        if (root is not null) new Contradictions(root, binder).Find();
        var mistakes = binder.Mistakes.OrderBy(mistake => (mistake.Place.Line, mistake.Place.Column)).ToArray();
        return new(path, mistakes.Length == 0 ? root : null, mistakes) { Tree = item };
    }

    /// <summary>Without the position that the framework repeats in its own way.</summary>
    static string Reason(JsonException e) =>
        e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end] : e.Message;
}
