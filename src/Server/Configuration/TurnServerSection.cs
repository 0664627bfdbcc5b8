using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Transfer;

namespace Portunus.Server.Configuration;

/// <summary>A TURN server as an edge offers it to its clients.</summary>
[Says("A TURN server that clients are told of.")]
sealed record TurnServerSection
{
    [Says("Its URIs, one for each transport."), Form(nameof(Forms.TurnUri), "turn:turn.example.net:3478?transport=udp")]
    public required IReadOnlyList<TurnUri> Uris { get; init; }

    [Says("Its own name, each once; the host of its first URI when left out.")]
    public string? Name { get; init; }

    [Says("The realm that it challenges with; that of this file when left out."), Form(nameof(Forms.Realm), "ims.example.net")]
    public string? Realm { get; init; }

    [Says("The key that seals access tokens for it, KID:ALG:BASE64, needed by combined; it opens them with the same."),
     Form(nameof(Forms.TokenKey), "@oauth-key")]
    public TokenKey? OauthKey { get; init; }

    [Says("Its interface for credentials, needed by push, pull and revocations, or, needed by integrated, its control connection " +
          "(ngs://agw1.example.net:2224/); the host is one that its certificate names."),
     Form(nameof(Forms.CredentialInterface), "https://turn1.example.net:8446/")]
    public Uri? Credentials { get; init; }

    [Says("For a coturn, in the place of \"credentials\" in push: the Redis that it reads its users from.")]
    public RedisSection? Redis { get; init; }

    [Says("Its share of the registrations beside the others; none with 0, until it is the last."), Between(0, 1000)]
    public int Weight { get; init; } = 1;

    [Says("Where it stands: an edge with a region offers the servers there first; left out, nowhere.")]
    public string? Region { get; init; }

    /// <param name="realm">Of the file.</param>
    /// <param name="edge">Whose credentials they are.</param>
    public TransferTarget ToTarget(string realm, string edge) =>
        new(ToSite(realm).Name, Realm ?? realm, Redis?.Address ?? Credentials!) { Redis = Redis?.ToAccess(edge) };

    public TurnSite ToSite(string realm) => new(Name ?? Uris[0].Host, Realm ?? realm, Uris) { Weight = Weight, Region = Region };
}
