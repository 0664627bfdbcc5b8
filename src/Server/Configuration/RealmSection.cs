using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>A realm of the TURN server beside that of the file: its own users, secrets and keys, at the same listeners.</summary>
[Says("A further realm of the TURN server, with credentials of its own.")]
sealed record RealmSection : IRealmCredentials
{
    [Says("Its name, best the domain of who uses it."), Form(nameof(Forms.Realm), "tenant.example.org")]
    public required string Name { get; init; }

    [Says("Whose clients are challenged with it: what they send in ORIGIN, scheme and host as browsers have them."),
     Form(nameof(Forms.Origin), "https://app.example.org")]
    public IReadOnlyList<string> Origins { get; init; } = [];

    [Says("Secrets for time-limited credentials, [sha1:|sha256:|sha384:|sha512:]SECRET, up to four, tried in order."),
     Form(nameof(Forms.SharedSecret), "@tenant-secret")]
    public IReadOnlyList<SharedSecret> Secrets { get; init; } = [];

    [Says("Users with passwords that do not expire.")]
    public IReadOnlyList<UserSection> Users { get; init; } = [];

    [Says("Keys under which access tokens open (RFC 7635): KID:ALG:BASE64. A token with one of these is of this realm, whatever its " +
          "client was challenged with.")]
    public IReadOnlyList<OAuthKeySection> OauthKeys { get; init; } = [];

    [Says("For which access tokens are made; this realm's name when left out."), Form(nameof(Forms.ServerName), "turn.example.org")]
    public string? ServerName { get; init; }

    [Says("Whether the expiry of a time-limited credential ends what runs on it, as a token's does.")]
    public bool StrictExpiry { get; init; }

    [Says("Limits by name, for time-limited names that end with .NAME and for the keys of tokens.")]
    public IReadOnlyList<LimitsSection> Limits { get; init; } = [];

    [Says("Allocations at a time of the whole realm; beyond it 486. No limit but those of the server when left out."),
     Between(1, QuotaFlags.Most)]
    public int? TotalQuota { get; init; }

    public CredentialSources ToSources() => RealmCredentials.SourcesOf(this, Name) with { Origins = [.. Origins], TotalQuota = TotalQuota };
}
