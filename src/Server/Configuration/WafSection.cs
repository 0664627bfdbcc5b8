using System.Net;
using Portunus.Nodes.Serve;
using Portunus.Waf;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>waf</c>.</summary>
[Says("The WAF: an OAuth 2.0 authorization server for registrations with a web identity, and for TURN tokens.")]
sealed record WafSection
{
    [Says("Its name in every token, and where browsers reach it: scheme, host, and port; http on loopback only."),
     Form(nameof(Forms.Issuer), "https://waf.ims.example.net/")]
    public required Uri Issuer { get; init; }

    [Says("Where browsers and clients reach it."), Form(nameof(Forms.EndPoint), "192.0.2.3:443")]
    public required IPEndPoint Listen { get; init; }

    [Says("PEM file with the certificate and those that lead to its authority, needed unless the issuer is http; read again " +
          "when it changes."),
     Form(nameof(Forms.File), "waf.pem")]
    public string? Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "waf-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("For whom access tokens are: the realm of the eP-CSCF, which introspects as the client of that id; the domain when " +
          "left out.")]
    public string? Audience { get; init; }

    [Says("A PostgreSQL connection, Host=...;Database=...;Username=...;Password=...; when left out, an SQLite file in data."),
     Form(nameof(Forms.Secret), "@waf-database")]
    public Secret? Database { get; init; }

    [Says("Where TURN servers fetch keys and clients show certificates; when left out, nowhere.")]
    public MutualTlsSection? MutualTls { get; init; }

    [Says("Names of TURN servers that may fetch a key, the star standing for one label."),
     Form(nameof(Forms.ServerName), "*.turn.ims.example.net")]
    public IReadOnlyList<string> TurnServers { get; init; } = [];

    [Says("Keys with TURN servers that fetch none.")]
    public IReadOnlyList<WafTurnKeySection> TurnKeys { get; init; } = [];

    [Says("The TURN servers that are told of revoked tokens (the revocation feed); when left out, none: a relay runs until its token " +
          "ends.")]
    public WafRevocationsSection? Revocations { get; init; }

    [Says("Who may ask for tokens.")]
    public required IReadOnlyList<WafClientSection> Clients { get; init; }

    [Says("How long an access token lives."), Between(1, 60)]
    public int AccessTokenMinutes { get; init; } = 60;

    [Says("How long a refresh token lives."), Between(1, 365)]
    public int RefreshTokenDays { get; init; } = 14;

    [Says("How long a browser stays signed in."), Between(1, 720)]
    public int SessionHours { get; init; } = 12;

    [Says("How long a TURN token lives, if the access token that asks for it does."), Between(1, 60)]
    public int TurnTokenMinutes { get; init; } = 30;

    [Says("How long one key seals TURN tokens."), Between(1, 720)]
    public int TurnKeyHours { get; init; } = 24;

    public WafSettings ToSettings(string domain) => new()
    {
        Issuer = Issuer,
        Audience = Audience ?? domain,
        Clients = [.. Clients.Select(client => client.ToClient())],
        AccessTokenLifetime = TimeSpan.FromMinutes(AccessTokenMinutes),
        RefreshTokenLifetime = TimeSpan.FromDays(RefreshTokenDays),
        SessionLifetime = TimeSpan.FromHours(SessionHours),
        ClientAuthorities = Authorities.Of(MutualTls?.Authorities),
        TurnServers = TurnServers,
        TurnKeys = TurnKeys.ToDictionary(key => key.Server, key => key.Key),
        TurnTokenLifetime = TimeSpan.FromMinutes(TurnTokenMinutes),
        TurnKeyLifetime = TimeSpan.FromHours(TurnKeyHours),
    };

    /// <param name="folder">For what must outlive a restart.</param>
    public AccessPlace ToPlace(string folder) => new(folder, Database?.Value);

    /// <param name="domain">The home domain.</param>
    /// <param name="realm">Of TURN servers that have no other.</param>
    /// <param name="folder">For what must outlive a restart.</param>
    public WafRole ToRole(string domain, string realm, string folder) => new()
    {
        Listen = Listen,
        Tls = Certificate is { } certificate ? (certificate, CertificateKey) : null,
        MutualTls = MutualTls?.Listen,
        Authorities = Authorities.Of(MutualTls?.Authorities),
        Waf = ToSettings(domain),
        Revocations = Revocations?.ToSettings(realm),
        Place = ToPlace(folder),
    };

    /// <summary>The issuer alone.</summary>
    public override string ToString() => $"waf {Issuer}";
}
