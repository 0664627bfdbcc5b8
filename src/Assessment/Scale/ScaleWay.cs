using System.Collections.Immutable;
using Portunus.Assessment.Study;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Serve;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Assessment.Scale;

/// <summary>A solution as eP-CSCF and TURN server have it, with the machines of a real network and keys that need not be secret.</summary>
/// <param name="Way">The solution; of OAuth's variants one, which differ in nothing here.</param>
sealed record ScaleWay(Way Way)
{
    public const string ServerName = JoinedTransfer.Server;

    static readonly SharedSecret Secret = new(SecretHash.Sha256, "of a simulation, for nobody else"u8);

    /// <summary>Of WAF or eP-CSCF.</summary>
    public static readonly TokenKey Key = new("issuer-1", TokenAlgorithm.A256Gcm, "of a simulation, for nobody else"u8);

    public static IReadOnlyList<ScaleWay> All { get; } =
    [
        new(Way.S0), new(new Way("OAuth")), new(Way.A1), new(Way.A2Push), new(Way.A2Pull), new(Way.A2Integrated),
        new(Way.Combined),
    ];

    /// <summary>What a client asks the eP-CSCF for; null where that gives nothing.</summary>
    public string? Type => Way.Solution switch
    {
        "A1" or "A2" => TurnCredential.Password,
        "Combined" => TurnCredential.OAuth,
        _ => null,
    };

    /// <summary>Whether the TURN server is told of users, or asks.</summary>
    public bool IsTold => Way.Solution == "A2";

    public bool IsPull => Way == Way.A2Pull;

    public IProvisioning Provisioning()
    {
        var sites = new TurnSites([new(ServerName, JoinedTransfer.Realm, new TurnUri(false, "turn1.ims.example.net", 3478, "udp"))]);
        return Way switch
        {
            { Solution: "S0" } => new DigestProvisioning(),
            { Solution: "A1" } => new SharedSecretProvisioning([new(Secret)], sites),
            { Solution: "A2", Variant: "pull" } => new PullProvisioning(sites, new SeededRandom(2)),
            { Solution: "A2" } => new PushProvisioning(sites, new SeededRandom(2)),
            { Solution: "Combined" } => new OAuthProvisioning(
                sites, new Dictionary<string, TokenKey> { [ServerName] = Key }, new SeededRandom(2)),
            _ => new NoProvisioning(),
        };
    }

    /// <param name="table">Of Approach 2; the others leave it alone.</param>
    /// <param name="users">Of S0, with their passwords.</param>
    public CredentialVerifier Verifier(PushedCredentials? table, ImmutableArray<StaticUser> users) => new(new CredentialSources
    {
        Realm = JoinedTransfer.Realm,
        ServerName = ServerName,
        Users = Way.Solution == "S0" ? users : [],
        Secrets = Way.Solution == "A1" ? [Secret] : [],
        TokenKeys = Way.Solution is "OAuth" or "Combined" ? [new(Key)] : [],
        Pushed = IsTold ? table : null,
        AsksEdges = IsPull,
    });

    public static ImmutableArray<StaticUser> Subscribers(int users) =>
        [.. Enumerable.Range(0, users).Select(user => new StaticUser($"wic{user}@{JoinedTransfer.Realm}", $"password {user}"))];
}
