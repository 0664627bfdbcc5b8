using Microsoft.IdentityModel.Tokens;
using Portunus.Waf;

namespace Portunus.Server.Configuration;

/// <summary>A client of the WAF.</summary>
[Says("An OAuth client: a page, a native WIC, a WWSF, an eP-CSCF that introspects. One without secret, keys and certificate " +
      "is public.")]
sealed record WafClientSection
{
    [Says("The client_id.")]
    public required string Id { get; init; }

    [Says("What a login page calls it.")]
    public required string Name { get; init; }

    [Says("Its secret; when left out, it has none."), Form(nameof(Forms.Secret), "@client-secret")]
    public Secret? Secret { get; init; }

    [Says("JSON file with the public keys (JWK set) with which it signs assertions; when left out, it signs none."),
     Form(nameof(Forms.KeySet), "client-keys.json")]
    public JsonWebKeySet? Keys { get; init; }

    [Says("The dNSName of the certificate that it shows at mutualTls; when left out, it shows none."),
     Form(nameof(Forms.Domain), "native.example.net")]
    public string? CertificateName { get; init; }

    [Says("Where the login page sends a user back to, to the character."),
     Form(nameof(Forms.Redirect), "https://phone.example.net/back")]
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];

    [Says("What it may ask for."), OneOf("ims.register", "turn", "offline_access")]
    public IReadOnlyList<string> Scopes { get; init; } = ["ims.register", "turn"];

    [Says("Whether it is the operator's own: then a user is not asked for consent.")]
    public bool FirstParty { get; init; }

    [Says("Whether it may ask for a token of its own (client credentials).")]
    public bool ActsAlone { get; init; }

    [Says("Whether it may exchange tokens (RFC 8693).")]
    public bool Exchanges { get; init; }

    [Says("Whether it may ask if a token is good (RFC 7662): the eP-CSCF, whose id is the audience.")]
    public bool Introspects { get; init; }

    [Says("The WWSF that the tokens name; its own id when left out.")]
    public string? Wwsf { get; init; }

    [Says("The private identity of the pool that it may give away (scenario 3); when left out, it has no pool."),
     Form(nameof(Forms.PrivateIdentity), "pool@ims.example.net")]
    public string? PoolImpi { get; init; }

    [Says("The public identities of that pool."), Form(nameof(Forms.Identity), "sip:web1@ims.example.net")]
    public IReadOnlyList<string> PoolImpus { get; init; } = [];

    public WafClient ToClient() => new()
    {
        Id = Id,
        Name = Name,
        Secret = Secret?.Value,
        Keys = Keys,
        CertificateName = CertificateName,
        RedirectUris = RedirectUris,
        Scopes = Scopes,
        IsFirstParty = FirstParty,
        MayActAlone = ActsAlone,
        MayExchange = Exchanges,
        MayIntrospect = Introspects,
        Wwsf = Wwsf,
        Pool = PoolImpi is null ? null : new(PoolImpi, PoolImpus),
    };
}
