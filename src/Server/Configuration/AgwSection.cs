using Portunus.Nodes.Agent;

namespace Portunus.Server.Configuration;

/// <summary>The section of the role <c>agw</c>.</summary>
[Says("A media gateway node: TURN server and control agent in one. No real media gateway is behind it.")]
sealed record AgwSection : RelaySection
{
    [Says("The connection by which edges control it; TURN credentials are fields of it.")]
    public required ControlSection Control { get; init; }

    public AgwNodeSettings ToRole(string realm) => new()
    {
        Turn = ToNode(realm, "agw"),
        Control = Control.ToSettings(realm),
    };
}
