namespace Portunus.Credentials;

/// <summary>Username and password for the long-term mechanism: what every browser takes.</summary>
/// <param name="Uris">At least one, UDP first.</param>
/// <param name="Username">As it goes into USERNAME.</param>
/// <param name="Credential">The password, a secret.</param>
/// <param name="Realm">Null where the edge leaves it to the server's challenge.</param>
/// <param name="Ttl">Seconds from now.</param>
public sealed record PasswordCredential(IReadOnlyList<TurnUri> Uris, string Username, string Credential, string? Realm, int Ttl)
    : TurnCredential(Uris, Ttl)
{
    public override string Type => Password;

    public override IReadOnlyList<NameValue> Parameters => Realm is null
        ? [UrisParameter, new("username", Username), new("credential", Credential), TtlParameter]
        : [UrisParameter, new("username", Username), new("credential", Credential), new("realm", Realm), TtlParameter];

    internal static PasswordCredential? Read(IReadOnlyList<TurnUri> uris, int ttl, ReadOnlySpan<NameValue> parameters) =>
        Find(parameters, "username") is { Length: > 0 } username && Find(parameters, "credential") is { Length: > 0 } credential
            ? new(uris, username, credential, Find(parameters, "realm"), ttl)
            : null;
}
