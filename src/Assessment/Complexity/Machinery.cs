using System.Collections.Immutable;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Complexity;

/// <summary>
/// What a solution has for itself: the files that would not be there without it, and the types that keep something between two
/// messages. What all share stands nowhere: TURN, the registrations of the edge, the headers, <c>CredentialVerifier</c>, in which
/// each way has its few lines; and the revocation feed, which is an addition to each.
/// </summary>
/// <param name="Way">The solution.</param>
/// <param name="Files">From the root of the sources; with a star for all of a kind.</param>
/// <param name="Machines">Full names of types, nested ones after a plus.</param>
sealed record Machinery(Way Way, ImmutableArray<string> Files, ImmutableArray<string> Machines)
{
    /// <summary>What the native client has for it, as <see cref="Files"/>: to be given a credential, and to read it. How a token stands in
    /// a TURN message is a few lines in files that all share.</summary>
    public ImmutableArray<string> Client { get; init; } = [];

    static readonly ImmutableArray<string> OfEdgeAtClient =
        ["src/Wic/Sip/UserAgent.Credential.cs", "src/Credentials/TurnCredential.cs"];

    static readonly ImmutableArray<string> PasswordAtClient = [.. OfEdgeAtClient, "src/Credentials/PasswordCredential.cs"];

    static readonly ImmutableArray<string> TokensAtTurn =
    [
        "src/Turn/TokenKeys.cs", "src/Turn/TokenOpener.cs", "src/Credentials/TokenKey.cs", "src/Credentials/TokenSeal.cs",
        "src/Credentials/TokenMacKey.cs", "src/Credentials/TokenAlgorithm.cs", "src/Credentials/AccessToken.cs",
        "src/Credentials/IssuedToken.cs", "src/Stun/StunMessage.ReadToken.cs",
    ];

    /// <summary>Of push and integrated: one machine at the edge, one table at the TURN server.</summary>
    static readonly ImmutableArray<string> Told =
    [
        "src/Epcscf/Provisioning/PushProvisioning.cs", .. Transfer,
    ];

    static ImmutableArray<string> Transfer =>
    [
        "src/Epcscf/Provisioning/RandomCredentials.cs", "src/Credentials/PushedCredential.cs", "src/Credentials/PushedName.cs",
        "src/Epcscf/Transfer/CredentialName.cs", "src/Epcscf/Transfer/CredentialTransfer.cs",
        "src/Epcscf/Transfer/CredentialTransfer.Answer.cs", "src/Epcscf/Transfer/CredentialTransfer.Poll.cs",
        "src/Epcscf/Transfer/CredentialTransfer.Push.cs", "src/Epcscf/Transfer/Statement.cs",
        "src/Epcscf/Transfer/Transfer*.cs", "src/Turn/IPushedCredentials.cs", "src/Turn/Pushed/*.cs",
        "src/Nodes/Outside/ICredentialPush.cs", "src/Nodes/Transfer/ITransferClient.cs", "src/Nodes/Transfer/Transfer*.cs",
        "src/Nodes/Transfer/CredentialListenerSettings.cs", "src/Nodes/Transfer/CertifiedNames.cs",
        "src/Nodes/Transfer/StatedCredential.cs", "src/Nodes/Transfer/Sweeper.cs", "src/Nodes/Transfer/Writers.cs",
    ];

    static readonly ImmutableArray<string> OverHttp =
    [
        "src/Nodes/Transfer/CredentialListener.cs", "src/Nodes/Transfer/CredentialRequests.cs",
        "src/Nodes/Transfer/CredentialRequests.Realms.cs", "src/Nodes/Transfer/CredentialTable.cs",
        "src/Nodes/Transfer/CredentialRequests.Set.cs", "src/Nodes/Transfer/CredentialRequests.Statements.cs",
        "src/Nodes/Transfer/OperatorHttp.cs", "src/Nodes/Transfer/Problem.cs",
    ];

    static readonly ImmutableArray<string> TransferMachines =
    [
        "Portunus.Epcscf.RandomCredentials", "Portunus.Epcscf.CredentialTransfer", "Portunus.Epcscf.TransferServer",
        "Portunus.Epcscf.Statement", "Portunus.Epcscf.Statement+Slot", "Portunus.Turn.PushedCredentials",
        "Portunus.Turn.PushedCredentials+Shelf", "Portunus.Turn.PushedCredentials+Entry", "Portunus.Nodes.Transfer.TransferNode",
    ];

    /// <summary>All solutions that differ in it.</summary>
    public static IReadOnlyList<Machinery> All { get; } =
    [
        new(Way.S0, ["src/Epcscf/Provisioning/DigestProvisioning.cs"], ["Portunus.Epcscf.DigestProvisioning"]),
        new(
            new("OAuth"),
            [
                "src/Waf/Turn/*.cs", "src/Waf/Keys/RotatingKeys.cs", "src/Waf/Keys/RotationTimes.cs", "src/Nodes/Waf/TurnKey*.cs",
                "src/Nodes/Waf/CertificateChain.cs", .. TokensAtTurn,
            ],
            [
                "Portunus.Waf.Turn.TurnGrants", "Portunus.Waf.Turn.TurnGrants+Grant", "Portunus.Waf.Turn.TurnKeys",
                "Portunus.Waf.Keys.RotatingKeys", "Portunus.Nodes.Waf.TurnKeyFetcher", "Portunus.Turn.TokenOpener",
            ])
        {
            Client = ["src/Nodes/Wic/OAuth/TurnTokens.cs", "src/Nodes/Wic/Relays.Tokens.cs", "src/Credentials/IssuedToken.cs"],
        },
        new(
            Way.A1,
            [
                "src/Epcscf/Provisioning/SharedSecretProvisioning.cs", "src/Epcscf/Provisioning/DatedSecret.cs",
                "src/Credentials/TimeLimitedCredential.cs", "src/Credentials/SharedSecret.cs", "src/Credentials/SecretHash.cs",
            ],
            ["Portunus.Epcscf.SharedSecretProvisioning"])
        {
            Client = PasswordAtClient,
        },
        new(Way.A2Push, [.. Told, .. OverHttp], ["Portunus.Epcscf.PushProvisioning", .. TransferMachines])
        {
            Client = PasswordAtClient,
        },
        new(
            Way.A2Pull,
            [
                "src/Epcscf/Provisioning/PullProvisioning.cs", "src/Epcscf/Transfer/CredentialTransfer.Fetch.cs",
                "src/Epcscf/Transfer/FetchAnswer.cs",
                "src/Nodes/Transfer/FetchListener*.cs", "src/Nodes/Transfer/CredentialFinder*.cs",
                "src/Nodes/Relay/ICredentialFinder.cs", "src/Turn/TurnServer.FindCredential.cs", "src/Turn/Search.cs",
                "src/Turn/UnknownNames.cs", .. Transfer, .. OverHttp,
            ],
            [
                "Portunus.Epcscf.PullProvisioning", "Portunus.Turn.UnknownNames", "Portunus.Turn.Search", .. TransferMachines,
            ])
        {
            Client = PasswordAtClient,
        },
        new(
            Way.A2Integrated, [.. Told, "src/Nodes/Agent/*.cs"],
            [
                "Portunus.Epcscf.PushProvisioning", "Portunus.Nodes.Agent.AgentClient", "Portunus.Nodes.Agent.AgentConnection",
                "Portunus.Nodes.Agent.AgentListener", .. TransferMachines,
            ])
        {
            Client = PasswordAtClient,
        },
        new(
            Way.Combined, ["src/Epcscf/Provisioning/OAuthProvisioning.cs", .. TokensAtTurn],
            ["Portunus.Epcscf.OAuthProvisioning", "Portunus.Turn.TokenOpener"])
        {
            Client = [.. OfEdgeAtClient, "src/Credentials/OAuthCredential.cs", "src/Credentials/IssuedToken.cs"],
        },
    ];
}
