namespace Portunus.Turn;

/// <summary>What one worker decided, in plain numbers: the worker writes, anybody reads a little late.</summary>
public sealed class TurnCounters
{
    readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];

    // Error codes are 300 to 699 (RFC 8489 §14.8).
    readonly long[] _errors = new long[400];

    /// <summary>Payload relayed by all allocations, those that ended included.</summary>
    public Traffic Traffic;

    public long Successes { get; private set; }

    public long AllocationsBegan { get; internal set; }

    public long AllocationsEnded { get; internal set; }

    /// <summary>ICMP errors of peers that clients were told of (RFC 8656 §11.5).</summary>
    public long IcmpErrors { get; internal set; }

    /// <summary>How often a credential was looked for and a MAC computed with it: the costly part of a request.</summary>
    public long CredentialsTried { get; internal set; }

    /// <summary>Bytes of requests over UDP that proved nothing, and of the answers that they got.</summary>
    public long UnauthenticatedBytesReceived { get; private set; }

    public long UnauthenticatedBytesSent { get; private set; }

    public long Drops(DropReason reason) => _drops[(int)reason];

    public long Errors(int code) => code is >= 300 and < 700 ? _errors[code - 300] : 0;

    internal void CountDrop(DropReason reason) => _drops[(int)reason]++;

    internal void CountError(int code) => _errors[code - 300]++;

    internal void CountSuccess() => Successes++;

    internal void CountUnauthenticated(int received, int sent)
    {
        UnauthenticatedBytesReceived += received;
        UnauthenticatedBytesSent += sent;
    }
}
