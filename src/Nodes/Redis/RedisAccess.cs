namespace Portunus.Nodes.Redis;

/// <summary>How an edge comes into the Redis behind a TURN server, and who it is there.</summary>
/// <remarks>A class and not a record: what holds a password must not print itself.</remarks>
public sealed class RedisAccess
{
    /// <summary>Without TLS. What is told there is as good as passwords, so it is for this machine alone.</summary>
    public const string Scheme = "redis";

    /// <summary>With TLS, and the edge's certificate where the server asks for one.</summary>
    public const string TlsScheme = "rediss";

    /// <summary>The edge, under which it finds again what it wrote; each edge has another.</summary>
    public required string Edge { get; init; }

    /// <summary>The number that the TURN server reads, its <c>dbname</c>.</summary>
    public int Database { get; init; }

    /// <summary>Of Redis' access lists (Redis 6); null for the default user.</summary>
    public string? User { get; init; }

    /// <summary>Null where Redis wants none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether a realm can stand in a key that coturn asks for: it builds the command as a text with printf's rules, so that
    /// a space or a percent sign would change it.</summary>
    public static bool CanName(string realm) => !realm.Any(c => char.IsWhiteSpace(c) || c == '%');

    public override string ToString() => $"{nameof(RedisAccess)} of {Edge}";
}
