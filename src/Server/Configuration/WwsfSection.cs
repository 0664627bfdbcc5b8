using System.Net;
using Portunus.Nodes.Serve;
using Portunus.Waf.Wwsf;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>wwsf</c>.</summary>
[Says("The pool of a WWSF: identities that its visitors have for a while (scenario 3).")]
sealed record WwsfSection
{
    [Says("Where browsers reach it; in plain on loopback only."), Form(nameof(Forms.EndPoint), "192.0.2.4:443")]
    public required IPEndPoint Listen { get; init; }

    [Says("PEM file with the certificate and those that lead to its authority, needed beyond loopback; read again when it changes."),
     Form(nameof(Forms.File), "wwsf.pem")]
    public string? Certificate { get; init; }

    [Says("PEM file with its private key; when left out, the key is in the certificate's file."),
     Form(nameof(Forms.File), "wwsf-key.pem")]
    public string? CertificateKey { get; init; }

    [Says("Issuer of the WAF that makes the tokens."), Form(nameof(Forms.Issuer), "https://waf.ims.example.net/")]
    public required Uri Waf { get; init; }

    [Says("PEM file with who signs the WAF's certificate; those of the system when left out."),
     Form(nameof(Forms.Authorities), "operator-ca.pem")]
    public Authorities? WafAuthorities { get; init; }

    [Says("With which it is a client of the WAF, and the name of the pool.")]
    public required string ClientId { get; init; }

    [Says("The client's secret."), Form(nameof(Forms.Secret), "@client-secret")]
    public required Secret ClientSecret { get; init; }

    [Says("The public identities of the pool; the WAF has them as poolImpus of the client."),
     Form(nameof(Forms.Identity), "sip:web1@ims.example.net")]
    public required IReadOnlyList<string> Impus { get; init; }

    [Says("How long a lease counts without a sign of life."), Between(1, 60)]
    public int LeaseMinutes { get; init; } = 10;

    [Says("How long after its end an identity stays reserved for who had it."), Between(0, 86_400)]
    public int GraceSeconds { get; init; } = 120;

    [Says("Whether a visitor needs no login.")]
    public bool Guests { get; init; }

    [Says("New guests that one address may bring within a lease."), Between(1, 10_000)]
    public int GuestsPerAddress { get; init; } = 5;

    [Says("The site's own users.")]
    public IReadOnlyList<SiteUserSection> Users { get; init; } = [];

    [Says("A PostgreSQL connection, which nodes with one pool share; when left out, an SQLite file in data."),
     Form(nameof(Forms.Secret), "@wwsf-database")]
    public Secret? Database { get; init; }

    public WwsfSettings ToSettings() => new()
    {
        Waf = Waf,
        WafAuthorities = Authorities.Of(WafAuthorities),
        ClientId = ClientId,
        ClientSecret = ClientSecret.Value,
        Impus = Impus,
        LeaseTime = TimeSpan.FromMinutes(LeaseMinutes),
        Grace = TimeSpan.FromSeconds(GraceSeconds),
        AllowsGuests = Guests,
        GuestsPerAddress = GuestsPerAddress,
        Users = Users.ToDictionary(user => user.Name, user => user.PasswordHash),
    };

    public WwsfRole ToRole(string folder) => new()
    {
        Listen = Listen,
        Tls = Certificate is { } certificate ? (certificate, CertificateKey) : null,
        Wwsf = ToSettings(),
        // A folder of its own: beside a WAF it is another party.
        Place = new(Path.Combine(folder, "wwsf"), Database?.Value),
    };

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"wwsf {ClientId}";
}
