using System.Collections.Immutable;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Serve;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>turn</c>; as the flags of <c>portunus turn</c>.</summary>
[Says("The TURN server (RFC 8656).")]
sealed record TurnSection
{
    [Says("Where clients are heard by UDP; port 0 takes a free one."), Form(nameof(Forms.TurnListener), "192.0.2.1:3478")]
    public required IReadOnlyList<TransportAddress> Listen { get; init; }

    [Says("Addresses of this machine that peers reach, one for each family."), Form(nameof(Forms.RelayAddress), "192.0.2.1")]
    public required IReadOnlyList<RelayAddress> RelayAddresses { get; init; }

    [Says("Ports for relays."), Form(nameof(Forms.Ports), "49152-65535")]
    public PortRange RelayPorts { get; init; } = PortRange.Dynamic;

    [Says("Secrets for time-limited credentials, [sha1:|sha256:|sha384:|sha512:]SECRET, up to four, tried in order."),
     Form(nameof(Forms.SharedSecret), "@turn-secret")]
    public IReadOnlyList<SharedSecret> Secrets { get; init; } = [];

    [Says("Users with passwords that do not expire.")]
    public IReadOnlyList<UserSection> Users { get; init; } = [];

    [Says("Keys under which access tokens open (RFC 7635), as portunus turn --oauth-key takes them: KID:ALG:BASE64.")]
    public IReadOnlyList<OAuthKeySection> OauthKeys { get; init; } = [];

    [Says("Where further keys are fetched; when left out, nowhere.")]
    public TokenKeysSection? TokenKeys { get; init; }

    [Says("For which access tokens are made; the realm when left out."), Form(nameof(Forms.ServerName), "turn.example.net")]
    public string? ServerName { get; init; }

    [Says("Whether the expiry of a time-limited credential ends what runs on it, as a token's does.")]
    public bool StrictExpiry { get; init; }

    [Says("Limits by name, for time-limited names that end with .NAME and for the keys of tokens.")]
    public IReadOnlyList<LimitsSection> Limits { get; init; } = [];

    [Says("Where edges make credentials known to this TURN server (Approach 2).")]
    public CredentialsSection? Credentials { get; init; }

    [Says("Ranges taken out of the special-purpose ones, which are refused as peers."), Form(nameof(Forms.Range), "10.0.0.0/8")]
    public IReadOnlyList<AddressRange> AllowPeers { get; init; } = [];

    [Says("Ranges refused as peers, whatever is allowed."), Form(nameof(Forms.Range), "192.0.2.0/24")]
    public IReadOnlyList<AddressRange> DenyPeers { get; init; } = [];

    [Says("Threads, each with its own sockets; more than one only on Linux."), Between(1, 255)]
    public int Workers { get; init; } = 1;

    public TurnSettings ToRules(string realm) => new()
    {
        Realm = realm,
        Relays = [.. RelayAddresses],
        RelayPorts = RelayPorts,
        AllowPeers = [.. AllowPeers],
        DenyPeers = [.. DenyPeers],
    };

    public CredentialSources ToSources(string realm) => new()
    {
        Realm = realm,
        Users = [.. Users.Select(user => user.ToUser())],
        Secrets = [.. Secrets],
        TokenKeys = [.. OauthKeys.Select(key => new TokenKeySource(key.Key, key.Limits))],
        ServerName = ServerName,
        StrictExpiry = StrictExpiry,
        Profiles = Limits.ToImmutableDictionary(limits => limits.Name, limits => limits.ToLimits()),
    };

    public TurnRole ToRole(string realm) => new(
        new() { Listen = [.. Listen], Workers = Workers, Rules = ToRules(realm), ListenFlag = "turn.listen" },
        ToSources(realm),
        Credentials?.ToSettings(realm),
        Credentials?.ToFinder(),
        TokenKeys?.ToRole(ServerName ?? realm),
        Credentials is { Revocations: true });
}
