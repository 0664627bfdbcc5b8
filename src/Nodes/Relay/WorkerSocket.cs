using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>One socket of a worker: a listener, where clients are heard, or a relay, where peers are.</summary>
sealed class WorkerSocket(UdpDatagrams datagrams)
{
    public UdpDatagrams Datagrams { get; } = datagrams;

    /// <summary>The number of the listener, which the rules hand back; null for a relay.</summary>
    public int? Listener { get; init; }

    /// <summary>Says nothing for a listener.</summary>
    public RelayId Relay { get; init; }

    /// <summary>When the last datagram came.</summary>
    public Instant LastHeard { get; set; }

    /// <summary>Whether its turn is to come.</summary>
    public bool IsReady { get; set; }

    /// <summary>Where it stands in <see cref="SocketWatch"/>; -1 outside.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether the watch counts it among the lively.</summary>
    public bool IsLively { get; set; }
}
