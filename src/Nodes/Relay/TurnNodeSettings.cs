using System.Collections.Immutable;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>What a TURN node is started with: where it listens, with how many workers, and the rules' settings.</summary>
public sealed record TurnNodeSettings
{
    /// <summary>Where clients are heard, by UDP unless said otherwise; port 0 lets the system choose. UDP and DTLS at one address
    /// share a socket.</summary>
    public required ImmutableArray<TurnListener> Listen { get; init; }

    /// <summary>PEM files of what is shown where TLS is spoken, and needed there.</summary>
    public TurnCertificateFiles? Certificate { get; init; }

    /// <summary>Bounds of what comes by connections.</summary>
    public StreamLimits Streams { get; init; } = new();

    /// <summary>The balancers: connections from there must begin with a header of the PROXY protocol, and are whose it says.</summary>
    public ImmutableArray<AddressRange> ProxyProtocolFrom { get; init; } = [];

    /// <summary>The rules. The node adds its own listeners to those that are never a peer.</summary>
    public required TurnSettings Rules { get; init; }

    /// <summary>Shared by the TURN servers of one process, so that the relays of one are peers for another's.</summary>
    public LiveRelays LiveRelays { get; init; } = new();

    /// <summary>Threads, each with a socket of its own at every listening address. More than one only on Linux.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>On what its sockets stand.</summary>
    public DataPath DataPath { get; init; }

    /// <summary>A file to which the beginnings and ends of allocations are written as lines of JSON; null: they are lines of the
    /// log.</summary>
    public string? AuditFile { get; init; }

    /// <summary>How long <see cref="TurnNode.FarewellAsync"/> lets allocations live on; zero for not at all.</summary>
    public TimeSpan DrainPatience { get; init; }

    /// <summary>Why TCP relaying is of no use here, as a sentence; null when it is. On another data path than Linux's there are no
    /// listeners of connections, which are refused there.</summary>
    public string? TcpRelayMistake => Rules.TcpRelay && !Listen.Any(listener => listener.IsStream)
        ? "TCP relaying is for clients that come by connections; add a listener of tcp: or tls:, or leave TCP relaying out."
        : null;

    /// <summary>What the operator calls <see cref="Listen"/>, for the sentence about a taken port.</summary>
    public string ListenFlag { get; init; } = "--listen";
}
