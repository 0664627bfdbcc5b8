using Portunus.Nodes;

namespace Portunus.Server;

/// <summary>
/// The value of a secret flag: <c>@file</c>, <c>env:NAME</c>, or the secret itself, which works with one warning, because
/// a command line can be read by every user of the machine.
/// </summary>
static class SecretText
{
    // A secret is a line; what is longer is the wrong file.
    const int MaxFileBytes = 64 * 1024;

    /// <param name="flag">The flag, for the sentences.</param>
    /// <param name="value">As given on the command line.</param>
    /// <param name="warn">Takes the warning about a literal.</param>
    /// <exception cref="RefusedException">No such file or variable, or nothing in it.</exception>
    public static string Read(string flag, string value, Action<string> warn)
    {
        if (value.StartsWith('@')) return FromFile(flag, value[1..]);
        if (value.StartsWith("env:", StringComparison.Ordinal)) return FromEnvironment(flag, value[4..]);
        warn($"{flag} was given in clear, where every user of this machine can read it; write {flag} @file or env:NAME instead.");
        return value;
    }

    static string FromFile(string flag, string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxFileBytes)
                throw new RefusedException($"{flag}: the file {path} is too long to be a secret; it must hold one line.");
            var text = File.ReadAllText(path).TrimEnd('\r', '\n');
            return text switch
            {
                "" => throw new RefusedException($"{flag}: the file {path} is empty; it must hold the value on one line."),
                _ when text.Contains('\n') =>
                    throw new RefusedException($"{flag}: the file {path} has several lines; it must hold one."),
                _ => text,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RefusedException($"{flag}: the file {path} cannot be read; name a readable file after the '@'.", e);
        }
    }

    static string FromEnvironment(string flag, string name) => Environment.GetEnvironmentVariable(name) switch
    {
        null or "" =>
            throw new RefusedException($"{flag}: the environment variable {name} is not set; export it, or write {flag} @file."),
        var text => text,
    };
}
