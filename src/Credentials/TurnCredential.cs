using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Portunus.Credentials;

/// <summary>
/// What an edge hands to a client so that it can relay: servers, lifetime, and a secret of one of two kinds. The contents
/// of a Turn-Credential header as parameters; how they stand in a message is for others to know.
/// </summary>
/// <param name="Uris">At least one, UDP first.</param>
/// <param name="Ttl">Seconds from now.</param>
public abstract record TurnCredential(IReadOnlyList<TurnUri> Uris, int Ttl)
{
    public const string Password = "password";

    public const string OAuth = "oauth";

    /// <summary>More servers than a client would ever try.</summary>
    public const int MostUris = 16;

    /// <summary>The word that opens the header: <see cref="Password"/> or <see cref="OAuth"/>.</summary>
    public abstract string Type { get; }

    /// <summary>The parameters in the order in which they are written.</summary>
    public abstract IReadOnlyList<NameValue> Parameters { get; }

    /// <summary>
    /// Reads a type and its parameters; false for another type, or when one that it needs is missing or no value of its kind.
    /// Order is free, unknown parameters are ignored, of duplicates the first counts.
    /// </summary>
    public static bool TryRead(
        string type, ReadOnlySpan<NameValue> parameters, [NotNullWhen(true)] out TurnCredential? credential)
    {
        credential = null;
        if (!TryReadUris(Find(parameters, "uris"), out var uris)) return false;
        if (!TryReadTtl(Find(parameters, "ttl"), out var ttl)) return false;
        credential = type switch
        {
            _ when type.Equals(Password, StringComparison.OrdinalIgnoreCase) => PasswordCredential.Read(uris, ttl, parameters),
            _ when type.Equals(OAuth, StringComparison.OrdinalIgnoreCase) => OAuthCredential.Read(uris, ttl, parameters),
            _ => null,
        };
        return credential is not null;
    }

    /// <summary>Kind, servers and lifetime; no secret and no name.</summary>
    public sealed override string ToString() => $"{Type} for {string.Join(' ', Uris)}, {Ttl} s";

    internal static string? Find(ReadOnlySpan<NameValue> parameters, string name)
    {
        foreach (var parameter in parameters)
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return parameter.Value;
        return null;
    }

    internal NameValue UrisParameter => new("uris", string.Join(' ', Uris));

    internal NameValue TtlParameter => new("ttl", Ttl.ToString(CultureInfo.InvariantCulture), Quoted: false);

    static bool TryReadUris(string? text, out IReadOnlyList<TurnUri> uris)
    {
        var read = new List<TurnUri>();
        uris = read;
        if (text is null) return false;
        foreach (var range in text.AsSpan().Split(' '))
        {
            if (read.Count == MostUris || !TurnUri.TryParse(text.AsSpan(range), out var uri)) return false;
            read.Add(uri);
        }

        return true;
    }

    static bool TryReadTtl(string? text, out int ttl)
    {
        ttl = 0;
        return text is not null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ttl);
    }
}
