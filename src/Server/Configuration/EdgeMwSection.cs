using System.Net;
using Portunus.Nodes.Mw;
using Portunus.Sip;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>Mw as the edge has it.</summary>
[Says("Mw between the edge and a core elsewhere.")]
sealed record EdgeMwSection
{
    [Says("The I-CSCF: where requests without a Route go. A name is looked up by the system."),
     Form(nameof(Forms.Host), "icscf.ims.example.net:5060")]
    public required HostPort NextHop { get; init; }

    [Says("Where the core reaches this edge, UDP and TCP; port 0 takes a free one."), Form(nameof(Forms.EndPoint), "192.0.2.1:5060")]
    public required IPEndPoint Listen { get; init; }

    [Says("What carries a request whose Route does not say; above 1300 bytes it is TCP."), OneOf("udp", "tcp")]
    public string Transport { get; init; } = "udp";

    [Says("Who is believed and sent to besides the next hop: the S-CSCFs."), Form(nameof(Forms.Range), "10.0.0.0/24")]
    public IReadOnlyList<AddressRange> Neighbours { get; init; } = [];

    public MwSettings ToSettings() => new()
    {
        Listen = Listen,
        NextHop = NextHop,
        PrefersTcp = Transport == "tcp",
        Neighbours = [.. Neighbours],
        ListenName = "epcscf.core.listen",
    };
}
