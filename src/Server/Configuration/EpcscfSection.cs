using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Nodes.Serve;
using Portunus.Sip;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>epcscf</c>.</summary>
[Says("The eP-CSCF (TS 24.371).")]
sealed record EpcscfSection
{
    [Says("Where the core reaches this edge: stands in Path, Record-Route and Via. Without a port, that of core.listen is added."),
     Form(nameof(Forms.Host), "epcscf.ims.example.net")]
    public required HostPort Host { get; init; }

    [Says("W2, SIP over WebSocket, on the path /w2.")]
    public required WebSection Web { get; init; }

    [Says("Pages whose scripts may connect; a client that is no browser sends no origin and is let in."),
     Form(nameof(Forms.Origin), "https://phone.example.net")]
    public IReadOnlyList<string> Origins { get; init; } = [];

    [Says("Mw towards the core; when left out, the core of this process.")]
    public EdgeMwSection? Core { get; init; }

    [Says("Access tokens that register; when left out, none do.")]
    public TokensSection? Tokens { get; init; }

    [Says("TURN credentials by HTTP for who shows an access token; when left out, they are given by SIP alone.")]
    public WebCredentialsSection? WebCredentials { get; init; }

    [Says("How a WIC gets its TURN credential; when left out, it gets none.")]
    public ProvisioningSection? Provisioning { get; init; }

    [Says("The names of the two headers of W2, which no standard gives.")]
    public HeadersSection Headers { get; init; } = new();

    [Says("What P-Visited-Network-ID says; the domain when left out."), Form(nameof(Forms.Domain), "ims.example.net")]
    public string? VisitedNetwork { get; init; }

    [Says("Seals the tokens in Path and Record-Route, at least 32 random characters; drawn at each start when left out."),
     Form(nameof(Forms.Key), "@token-key")]
    public Bytes? TokenKey { get; init; }

    [Says("Machines that share the identities, each on a thread of its own."), Between(1, 256)]
    public int Shards { get; init; } = 1;

    public EdgeSettings ToSettings(string domain, HostPort host) => new()
    {
        HomeDomain = domain,
        Host = host.ToString(),
        TokenKey = TokenKey ?? Bytes.Empty,
        CoreTransport = Core is { Transport: "udp" } ? "UDP" : "TCP",
        Tokens = Tokens?.ToSettings(),
        VisitedNetwork = VisitedNetwork,
        CredentialRequestHeader = Headers.Request,
        CredentialHeader = Headers.Credential,
    };

    public EpcscfRole ToRole(string domain, string realm) => new()
    {
        Edge = ToSettings(domain, Host),
        Provisioning = () => Provisioning?.ToProvisioning(realm) ?? new NoProvisioning(),
        Tokens = Tokens?.ToRole(domain),
        WebCredentials = WebCredentials is { } byHttp ? new(byHttp.Origins.ToHashSet(), byHttp.Get) : null,
        Transfer = Provisioning?.ToTransfer(realm, Host.ToString()),
        Fetch = Provisioning?.ToFetch(realm),
        Mw = Core?.ToSettings(),
        Https = Web.Https,
        Http = Web.Http,
        Tls = Web.Certificate is { } certificate ? (certificate, Web.CertificateKey) : null,
        TrustedProxies = Web.TrustedProxies,
        Origins = Origins.ToHashSet(),
        Shards = Shards,
    };

    /// <summary>Without the key.</summary>
    public override string ToString() => $"epcscf {Host}";
}
