using Portunus.Credentials;
using Portunus.Nodes.Serve;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>turn</c>; as the flags of <c>portunus turn</c>.</summary>
[Says("The TURN server (RFC 8656).")]
sealed record TurnSection : RelaySection, IRealmCredentials
{
    [Says("Secrets for time-limited credentials, [sha1:|sha256:|sha384:|sha512:]SECRET, up to four, tried in order."),
     Form(nameof(Forms.SharedSecret), "@turn-secret"), Live]
    public IReadOnlyList<SharedSecret> Secrets { get; init; } = [];

    [Says("Users with passwords that do not expire."), Live]
    public IReadOnlyList<UserSection> Users { get; init; } = [];

    [Says("Keys under which access tokens open (RFC 7635), as portunus turn --oauth-key takes them: KID:ALG:BASE64."), Live]
    public IReadOnlyList<OAuthKeySection> OauthKeys { get; init; } = [];

    [Says("Where further keys are fetched; when left out, nowhere.")]
    public TokenKeysSection? TokenKeys { get; init; }

    [Says("For which access tokens are made; the realm when left out."), Form(nameof(Forms.ServerName), "turn.example.net")]
    public string? ServerName { get; init; }

    [Says("Whether the expiry of a time-limited credential ends what runs on it, as a token's does."), Live]
    public bool StrictExpiry { get; init; }

    [Says("Limits by name, for time-limited names that end with .NAME and for the keys of tokens."), Live]
    public IReadOnlyList<LimitsSection> Limits { get; init; } = [];

    [Says("Further realms, each with credentials of its own; who names none of them is of the realm of the file."), Live]
    public IReadOnlyList<RealmSection> Realms { get; init; } = [];

    [Says("Where edges make credentials known to this TURN server (Approach 2).")]
    public CredentialsSection? Credentials { get; init; }

    public CredentialSources ToSources(string realm) =>
        RealmCredentials.SourcesOf(this, realm) with { Further = [.. Realms.Select(one => one.ToSources())] };

    public TurnRole ToRole(string realm) => new(
        ToNode(realm, "turn"),
        ToSources(realm),
        Credentials?.ToSettings(realm),
        Credentials?.ToFinder(),
        TokenKeys?.ToRole(ServerName ?? realm),
        Credentials is { Revocations: true } or { Wafs.Count: > 0 });
}
