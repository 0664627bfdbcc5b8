using System.Text.RegularExpressions;
using Portunus.Tests.Interop.Browser;

namespace Portunus.Tests.Interop.Ims.Kamailio;

/// <summary>A file of this folder with <c>@WORDS@</c> to fill in.</summary>
static partial class Template
{
    static string Folder => Path.Combine(Checkout.Root, "tests", "Interop", "Ims", "Kamailio");

    /// <summary>Writes a file with its words filled in.</summary>
    /// <param name="name">Of the file, relative to this folder.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="words">Each word, and what stands in its place.</param>
    /// <exception cref="KeyNotFoundException">A word of the file is not among <paramref name="words"/>.</exception>
    public static void Fill(string name, string target, IReadOnlyDictionary<string, string> words) =>
        File.WriteAllText(
            target, Word().Replace(File.ReadAllText(Path.Combine(Folder, name)), word => words[word.Groups[1].Value]));

    [GeneratedRegex("@([A-Z_]+)@")]
    private static partial Regex Word();
}
