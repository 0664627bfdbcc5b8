using System.Diagnostics.CodeAnalysis;

namespace Portunus.Credentials;

/// <summary>What a client asks of an edge: the contents of a Turn-Credential-Request header as types and parameters.</summary>
/// <param name="Types">Lower case, in the client's order; may hold types that nobody here knows.</param>
/// <param name="Realm">Null where any will do.</param>
/// <param name="Transports">Lower case; empty where any will do.</param>
public sealed record TurnCredentialRequest(IReadOnlyList<string> Types, string? Realm, IReadOnlyList<string> Transports)
{
    /// <summary>More than anyone has a use for; bounds what a header can make us keep.</summary>
    const int Most = 8;

    /// <summary>The TURN server that a token is to be for; null where any will do.</summary>
    public string? ServerName { get; init; }

    /// <summary>What the key of a token is to be for: <c>HMAC-SHA-1</c> or <c>HMAC-SHA-256</c>; null for the first.</summary>
    public string? Algorithm { get; init; }

    /// <summary>
    /// Parameters that no standard way knows, as they came, eight at most: for a way of provisioning that knows them.
    /// </summary>
    public IReadOnlyList<NameValue> Extensions { get; init; } = [];

    public IReadOnlyList<NameValue> Parameters
    {
        get
        {
            var parameters = new List<NameValue>(4);
            if (Realm is not null) parameters.Add(new("realm", Realm));
            if (Transports.Count > 0) parameters.Add(new("transports", string.Join(',', Transports)));
            if (ServerName is not null) parameters.Add(new("server-name", ServerName));
            if (Algorithm is not null) parameters.Add(new("alg", Algorithm));
            parameters.AddRange(Extensions);
            return parameters;
        }
    }

    /// <summary>
    /// False without a type, or with more types or transports than anyone has a use for. Order is free, unknown parameters are
    /// <see cref="Extensions"/>, of duplicates the first counts.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<string> types, ReadOnlySpan<NameValue> parameters, [NotNullWhen(true)] out TurnCredentialRequest? request)
    {
        request = null;
        if (types.Length is 0 or > Most) return false;
        string? realm = null, transports = null, server = null, algorithm = null;
        var extensions = new List<NameValue>();
        foreach (var parameter in parameters)
        {
            var (name, value, _) = parameter;
            if (name.Equals("realm", StringComparison.OrdinalIgnoreCase)) realm ??= value;
            else if (name.Equals("transports", StringComparison.OrdinalIgnoreCase)) transports ??= value;
            else if (name.Equals("server-name", StringComparison.OrdinalIgnoreCase)) server ??= value;
            else if (name.Equals("alg", StringComparison.OrdinalIgnoreCase)) algorithm ??= value;
            else if (extensions.Count < Most) extensions.Add(parameter);
        }

        var wanted = (transports ?? "").ToLowerInvariant()
            .Split(',', Most + 1, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length > Most) return false;
        var named = new string[types.Length];
        for (var i = 0; i < named.Length; i++) named[i] = types[i].ToLowerInvariant();
        request = new(named, realm, wanted) { ServerName = server, Algorithm = algorithm, Extensions = extensions };
        return true;
    }

    public bool Asks(string type) => Types.Contains(type, StringComparer.OrdinalIgnoreCase);
}
