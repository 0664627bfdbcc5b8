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

    /// <exception cref="ArgumentException">A user or the number of secrets cannot be.</exception>
    public CredentialVerifier ToVerifier(string realm) => new(realm, Users.Select(user => user.ToUser()), Secrets);

    public TurnRole ToRole(string realm) => new(
        new() { Listen = [.. Listen], Workers = Workers, Rules = ToRules(realm), ListenFlag = "turn.listen" }, ToVerifier(realm));
}
