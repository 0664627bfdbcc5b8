using System.Collections.Immutable;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Redis;
using Portunus.Nodes.Transfer;

namespace Portunus.Server.Configuration;

/// <summary>How the edge provides TURN credentials.</summary>
[Says("How the edge provides TURN credentials.")]
sealed record ProvisioningSection
{
    public const string Baseline = "baseline";
    public const string SharedSecretWay = "shared-secret";
    public const string Push = "push";
    public const string Pull = "pull";
    public const string Integrated = "integrated";
    public const string Combined = "combined";

    [Says("shared-secret: a time-limited credential that TURN servers with the same secret derive again (Approach 1). " +
          "push: a random credential, made known to the TURN servers before the client has it, that ends with its registration " +
          "(Approach 2). pull: the same, but a TURN server asks for it at an Allocate. integrated: the same, told to media gateway " +
          "nodes over the connection that controls them. combined: tokens of RFC 7635 for clients that ask for them, and by the secret, " +
          "if there is one, for others. " +
          "baseline: nothing, the SIP password is the TURN password."),
     OneOf(SharedSecretWay, Push, Pull, Integrated, Combined, Baseline)]
    public required string Approach { get; init; }

    [Says("The secret to mint with, needed by shared-secret: [sha1:|sha256:|sha384:|sha512:]SECRET."),
     Form(nameof(Forms.SharedSecret), "@turn-secret")]
    public SharedSecret? Secret { get; init; }

    [Says("The secret that follows.")]
    public NextSecretSection? NextSecret { get; init; }

    [Says("Whether the TURN servers are told when a registration ends, so that its credentials of shared-secret or combined end " +
          "at once (the revocation feed); each needs \"credentials\", and takes revocations. Those of push end so without it.")]
    public bool Revocations { get; init; }

    [Says("Limits of the credentials of push, pull and integrated; none when left out.")]
    public PushedLimitsSection? Limits { get; init; }

    [Says("The name of limits that passwords by the secret carry; every TURN server of this edge has limits of that name " +
          "(turn.limits). None when left out."), Form(nameof(Forms.MintedProfile), "guest")]
    public string? Profile { get; init; }

    [Says("Who this edge is to the TURN servers; needed by push, pull, integrated and revocations, unless all of them are told " +
          "by a Redis on this machine.")]
    public TransferSection? Transfer { get; init; }

    [Says("The TURN servers that clients are told of.")]
    public IReadOnlyList<TurnServerSection> TurnServers { get; init; } = [];

    [Says("Where this edge stands: TURN servers there are offered first; left out, all alike.")]
    public string? Region { get; init; }

    /// <summary>Whether TURN servers learn of each credential: Approach 2.</summary>
    public bool TellsOfEachCredential => Approach is Push or Pull or Integrated;

    /// <summary>Whether there is an interface to the TURN servers.</summary>
    public bool TellsServers => TellsOfEachCredential || Revocations;

    /// <summary>One for each shard.</summary>
    /// <exception cref="ArgumentException">The servers cannot be offered so.</exception>
    public IProvisioning ToProvisioning(string realm)
    {
        if (Approach == Baseline) return new DigestProvisioning();
        var sites = new TurnSites([.. TurnServers.Select(server => server.ToSite(realm))], Region);
        if (Approach is Push or Integrated) return new PushProvisioning(sites, new SystemRandom(), Limits?.ToLimits());
        if (Approach == Pull) return new PullProvisioning(sites, new SystemRandom(), Limits?.ToLimits());
        var way = WithoutTelling(sites, realm);
        return Revocations ? new RevocableProvisioning(way, sites) : way;
    }

    IProvisioning WithoutTelling(TurnSites sites, string realm)
    {
        var passwords = Secret is null ? null : new SharedSecretProvisioning(Secrets(Secret), sites, Profile);
        if (Approach == SharedSecretWay) return passwords ?? throw new ArgumentException("A shared secret is needed.");
        var keys = TurnServers.Where(server => server.OauthKey is not null)
            .ToDictionary(server => server.ToSite(realm).Name, server => server.OauthKey!);
        var tokens = new OAuthProvisioning(sites, keys, new SystemRandom());
        return passwords is null ? tokens : new CombinedProvisioning(tokens, passwords);
    }

    /// <summary>Whether the edge proves to some TURN server, or its data base, who it is.</summary>
    public bool NeedsTransfer => TurnServers.Count == 0 || TurnServers.Any(server => server.Redis?.Address.Scheme != RedisAccess.Scheme);

    /// <summary>Null where TURN servers are told nothing.</summary>
    /// <param name="realm">Of the file.</param>
    /// <param name="edge">Its name in a data base, where there is no certificate to say it.</param>
    public TransferNodeSettings? ToTransfer(string realm, string edge) => !TellsServers ? null : new()
    {
        Servers = [.. TurnServers.Select(server => server.ToTarget(realm, edge))],
        Tls = Transfer?.ToFiles(),
    };

    /// <summary>Null where no TURN server asks. One asks by the certificate of its own interface.</summary>
    public FetchListenerSettings? ToFetch(string realm) => Approach != Pull || Transfer?.Listen is not { } listen ? null : new()
    {
        Listen = listen,
        Tls = Transfer.ToFiles(),
        Readers = TurnServers.ToImmutableDictionary(server => server.Credentials!.IdnHost, server => server.ToSite(realm).Name),
        ListenFlag = "epcscf.provisioning.transfer.listen",
    };

    List<DatedSecret> Secrets(SharedSecret first)
    {
        List<DatedSecret> secrets = [new(first)];
        if (NextSecret is { } next) secrets.Add(new(next.Secret, next.From.ToUnixTimeSeconds()));
        return secrets;
    }
}
