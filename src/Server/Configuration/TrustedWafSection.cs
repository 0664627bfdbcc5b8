using Portunus.Epcscf;
using Portunus.Nodes.Tokens;
using Portunus.Waf;

namespace Portunus.Server.Configuration;

/// <summary>A WAF whose tokens an edge takes.</summary>
[Says("A WAF whose tokens are taken.")]
sealed record TrustedWafSection
{
    [Says("As the claim iss has it, to the character."), Form(nameof(Forms.IssuerText), "https://waf.ims.example.net/")]
    public required string Issuer { get; init; }

    [Says("Where its signing keys are (RFC 7517); when left out, /.well-known/jwks of the issuer, as portunus has it."),
     Form(nameof(Forms.HttpUri), "https://waf.ims.example.net/.well-known/jwks")]
    public Uri? Keys { get; init; }

    [Says("Where a token is introspected (RFC 7662), when a registration is looked at again; when left out, nowhere."),
     Form(nameof(Forms.HttpUri), "https://waf.ims.example.net/oauth/introspect")]
    public Uri? Introspection { get; init; }

    [Says("The edge's client_id there, which is the domain at a WAF of portunus; the domain when left out.")]
    public string? ClientId { get; init; }

    [Says("The client's secret, needed by introspection."), Form(nameof(Forms.Secret), "@edge-secret")]
    public Secret? ClientSecret { get; init; }

    [Says("PEM file with who signs its certificate; those of the system when left out."),
     Form(nameof(Forms.Authorities), "operator-ca.pem")]
    public Authorities? Authorities { get; init; }

    [Says("What a third party's WAF is called in the core (authorization-entity); when left out, it is the operator's own.")]
    public string? Entity { get; init; }

    [Says("The WWSFs that it may speak for; empty for one whose tokens need not name any.")]
    public IReadOnlyList<TrustedWebServerSection> WebServers { get; init; } = [];

    public Uri KeysUri => Keys ?? new Uri(new Uri(Issuer), WafEndpoints.Jwks);

    public TrustedWaf ToWaf() => new()
    {
        Issuer = Issuer, Entity = Entity, WebServers = [.. WebServers.Select(one => one.ToWebServer())],
    };

    public AuthorizationServer ToIssuer(string domain) => new()
    {
        Issuer = Issuer,
        Keys = KeysUri,
        Introspection = Introspection,
        ClientId = Introspection is null ? null : ClientId ?? domain,
        ClientSecret = Introspection is null ? null : ClientSecret?.Value,
    };

    /// <summary>The issuer alone.</summary>
    public override string ToString() => Issuer;
}
