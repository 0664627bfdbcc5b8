namespace Portunus.Tests.Conformance.Running;

/// <summary>Flags of a command line, "--name value" or "--name" alone.</summary>
sealed class Flags
{
    static readonly string[] Bare = ["help", "list", "slow", "quiet"];
    static readonly string[] Valued =
    [
        "target", "user", "realm", "second-user", "quota", "peer", "denied-peer", "oauth-key", "server-name", "few-ports", "redirect",
        "ipv4-only", "ipv6-only", "ipv6-client", "offers", "patience", "check", "requirements",
    ];

    /// <summary>Every flag, without its dashes.</summary>
    public static IEnumerable<string> Names => Bare.Concat(Valued);

    readonly List<(string Name, string Value)> _given = [];

    /// <exception cref="FormatException">A flag that nobody knows, or one without its value.</exception>
    public static Flags Read(string[] arguments)
    {
        var flags = new Flags();
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i] == "-h" ? "help" : arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (Bare.Contains(name)) flags._given.Add((name, ""));
            else if (!Valued.Contains(name)) throw new FormatException($"'{arguments[i]}' is no flag");
            else if (++i == arguments.Length) throw new FormatException($"--{name} needs a value");
            else flags._given.Add((name, arguments[i]));
        }

        return flags;
    }

    public bool Has(string name) => _given.Any(flag => flag.Name == name);

    public string? Get(string name) => _given.LastOrDefault(flag => flag.Name == name).Value;

    public IEnumerable<string> All(string name) => _given.Where(flag => flag.Name == name).Select(flag => flag.Value);

    /// <exception cref="FormatException">It is not there.</exception>
    public string Need(string name) => Get(name) ?? throw new FormatException($"--{name} is needed");
}
