using System.Security.Cryptography;

namespace Portunus.Fuzz.Engine;

/// <summary>A file for each input that broke something, named by its content.</summary>
static class FindingFile
{
    /// <returns>Its path.</returns>
    public static string Write(string folder, string target, byte[] input)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(Path.GetFullPath(folder), $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        return path;
    }
}
