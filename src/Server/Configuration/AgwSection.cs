using Portunus.Bedrock;
using Portunus.Nodes.Agent;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>agw</c>.</summary>
[Says("A media gateway node: TURN server and control agent in one. No media gateway is behind it yet.")]
sealed record AgwSection
{
    [Says("Where TURN clients are heard by UDP; port 0 takes a free one."), Form(nameof(Forms.TurnListener), "192.0.2.1:3478")]
    public required IReadOnlyList<TransportAddress> Listen { get; init; }

    [Says("Addresses of this machine that peers reach, one for each family."), Form(nameof(Forms.RelayAddress), "192.0.2.1")]
    public required IReadOnlyList<RelayAddress> RelayAddresses { get; init; }

    [Says("Ports for relays."), Form(nameof(Forms.Ports), "49152-65535")]
    public PortRange RelayPorts { get; init; } = PortRange.Dynamic;

    [Says("The connection by which edges control it; TURN credentials are fields of it.")]
    public required ControlSection Control { get; init; }

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

    public AgwNodeSettings ToRole(string realm) => new()
    {
        Turn = new() { Listen = [.. Listen], Workers = Workers, Rules = ToRules(realm), ListenFlag = "agw.listen" },
        Control = Control.ToSettings(realm),
    };
}
