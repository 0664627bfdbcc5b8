using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What is known of a relay that is wanted.</summary>
enum OpeningState : byte
{
    /// <summary>Not asked for yet, or the question is open.</summary>
    Waiting,

    /// <summary>The socket is there.</summary>
    Opened,

    /// <summary>Another program has the port.</summary>
    Taken,

    /// <summary>No, or silence.</summary>
    Refused,
}

/// <summary>One of the relays of an <see cref="Opening"/>.</summary>
sealed class OpeningRelay(RelayId relay, LeasedPort port)
{
    /// <summary>How often a port is asked for. Where half the range is in other hands, one Allocate in 256 is refused.</summary>
    public const int MaxTries = 8;

    public RelayId Relay { get; } = relay;

    public LeasedPort Port { get; } = port;

    public OpeningState State { get; set; }

    public int Tries { get; set; }
}

/// <summary>An Allocate request that waits for its relays, kept to be run again from its first check.</summary>
sealed class Opening(ClientPath path, byte[] request, Caller caller, RelayLease lease) : Waiting(path, request)
{
    /// <summary>Who proved to have sent it: the second run computes one MAC, and looks for no key again. Null once it was
    /// revoked: then the second run has to find it anew.</summary>
    public Caller? Caller { get; set; } = caller;

    public RelayLease Lease { get; } = lease;

    /// <summary>As the ports of the lease.</summary>
    public List<OpeningRelay> Relays { get; } = new(1);

    /// <summary>The name of the socket that is to hold the port after the first one's; null where none is to.</summary>
    public RelayId? Next { get; set; }

    /// <summary>Whether that socket is there.</summary>
    public bool HoldsNext { get; set; }

    /// <summary>The socket of another worker that must be closed first; null when none must.</summary>
    public RelayId? Elsewhere { get; set; }

    /// <summary>The one whose question is open: they are asked for one after the other. Null when none is.</summary>
    public OpeningRelay? Asked { get; set; }

    /// <summary>Whether the other worker was asked for it.</summary>
    public bool IsYielding { get; set; }

    /// <summary>Whether a question is open.</summary>
    public bool IsWaiting => Asked is not null || IsYielding;
}
