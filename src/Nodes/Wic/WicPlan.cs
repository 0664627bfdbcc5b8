using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>What a native client is to do: with an edge, with TURN servers alone, or with both.</summary>
public sealed record WicPlan
{
    /// <summary>W2 of an eP-CSCF; null to use TURN servers alone.</summary>
    public Uri? Server { get; init; }

    public W2Trust Trust { get; init; } = W2Trust.System;

    /// <summary>Who signs in; null without a <see cref="Server"/>.</summary>
    public UserAgentSettings? Agent { get; init; }

    /// <summary>A credential that no edge gave; null to take the edge's.</summary>
    public TurnAccess? Access { get; init; }

    /// <summary>How access tokens are come by; null where nobody needs one.</summary>
    public AccessPlan? Tokens { get; init; }

    /// <summary>In place of the servers that the edge names; empty to take those.</summary>
    public IReadOnlyList<TurnUri> Uris { get; init; } = [];

    /// <summary>How TURN servers are found beside those that are named; null for not at all.</summary>
    public DiscoveryPlan? Discovery { get; init; }

    /// <summary>The address of this machine that TURN servers see; null to leave the choice to the system.</summary>
    public IPAddress? From { get; init; }

    public DnsLookup Dns { get; init; } = new();

    public MediaPlan Media { get; init; } = new(500, TimeSpan.FromMilliseconds(20));

    /// <summary>Where an echo listens; null to be one's own behind a second relay.</summary>
    public TransportAddress? Peer { get; init; }
}
