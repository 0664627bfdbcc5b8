using Portunus.Store;
using Portunus.Store.Access;

namespace Portunus.Nodes.Loopback;

/// <summary>What a <see cref="LoopbackSystem"/> is started with. A port of 0 is a free one.</summary>
public sealed record LoopbackSettings
{
    /// <summary>TCP, for the page and W2.</summary>
    public required int HttpPort { get; init; }

    /// <summary>TCP, for the same over TLS.</summary>
    public required int HttpsPort { get; init; }

    /// <summary>UDP, for TURN.</summary>
    public required int TurnPort { get; init; }

    /// <summary>Home domain, digest realm and TURN realm in one.</summary>
    public required string Realm { get; init; }

    /// <summary>Saved into the store at start, in the place of those with the same private identities.</summary>
    public required IReadOnlyList<SubscriberRecord> Subscribers { get; init; }

    /// <summary>Who signs in at the WAF (scenario 2): the same people by their web identities.</summary>
    public IReadOnlyList<UserRecord> Users { get; init; } = [];

    /// <summary>Identities that the WWSF lends to guests (scenario 3).</summary>
    public int Guests { get; init; } = 8;

    /// <summary>The folder of the stores; made when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Whether the certificate is kept in <see cref="DataFolder"/>, so that a browser's trust outlives a restart.
    /// </summary>
    public bool KeepCertificate { get; init; }

    /// <summary>The folder of the WIC page.</summary>
    public required string PageFolder { get; init; }

    /// <summary>Machines of the edge, 1 to 256.</summary>
    public int Shards { get; init; } = 1;
}
