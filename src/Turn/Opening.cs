using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What is known of a relay that was asked for.</summary>
enum OpeningState : byte
{
    /// <summary>The question is open.</summary>
    Waiting,

    /// <summary>The socket is there.</summary>
    Opened,

    /// <summary>Another program has the port.</summary>
    Taken,

    /// <summary>No, or silence.</summary>
    Refused,
}

/// <summary>An Allocate request that waits for its relay, kept to be run again from its first check.</summary>
sealed class Opening(ClientPath path, byte[] request, Caller caller, RelayId relay, RelayLease lease) : Waiting(path, request)
{
    /// <summary>How often a port is asked for. Where half the range is in other hands, one Allocate in 256 is refused.</summary>
    public const int MaxTries = 8;

    /// <summary>Who proved to have sent it: the second run computes one MAC, and looks for no key again. Null once it was
    /// revoked: then the second run has to find it anew.</summary>
    public Caller? Caller { get; set; } = caller;

    public RelayId Relay { get; } = relay;

    public RelayLease Lease { get; } = lease;

    public OpeningState State { get; set; }

    public int Tries { get; set; } = 1;
}
