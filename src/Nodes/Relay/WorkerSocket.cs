using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>One socket of a worker: a listener, where clients are heard, or a relay, where peers are.</summary>
sealed class WorkerSocket(IDatagrams datagrams) : Watched
{
    public IDatagrams Datagrams { get; } = datagrams;

    /// <summary>The number of the listener, which the rules hand back: that of plain UDP where DTLS shares its socket. Null for a
    /// relay.</summary>
    public int? Listener { get; init; }

    /// <summary>Says nothing for a listener.</summary>
    public RelayId Relay { get; init; }

    /// <summary>Where DTLS is spoken; null elsewhere.</summary>
    public DtlsDoor? Dtls { get; init; }

    public override int Descriptor => (Datagrams as LinuxDatagrams)?.Descriptor ?? -1;

    public override bool IsClosed => Datagrams.IsClosed;

    /// <summary>When the last datagram came; for <see cref="SocketWatch"/>.</summary>
    public Instant LastHeard { get; set; }

    /// <summary>Whether the watch counts it among the lively.</summary>
    public bool IsLively { get; set; }

    /// <summary>The first of what is to leave by it, in the <see cref="Outbox"/>; -1 when nothing is.</summary>
    public int FirstOutgoing { get; set; } = -1;

    /// <summary>The last of it.</summary>
    public int LastOutgoing { get; set; }
}
