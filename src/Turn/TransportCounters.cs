using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>What one worker decided about clients of one transport: the worker writes, anybody reads a little late.</summary>
public sealed class TransportCounters
{
    readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    readonly long[] _ends = new long[Enum.GetValues<AllocationEnd>().Length];

    // Error codes are 300 to 699 (RFC 8489 §14.8).
    readonly long[] _errors = new long[400];

    // Methods in use are below 16 (RFC 8489 §18.2, RFC 8656 §17, RFC 6062 §6.1).
    readonly long[] _requests = new long[16];
    readonly long[] _successes = new long[16];
    readonly long[] _failures = new long[16];

    /// <summary>Payload relayed by all allocations, those that ended included.</summary>
    public Traffic Traffic;

    public long AllocationsBegan { get; internal set; }

    public long AllocationsEnded => _ends.Sum();

    public long Successes => _successes.Sum();

    /// <summary>Messages that went nowhere.</summary>
    public long Drops(DropReason reason) => _drops[(int)reason];

    /// <summary>Error responses with a code.</summary>
    public long Errors(int code) => code is >= 300 and < 700 ? _errors[code - 300] : 0;

    /// <summary>Allocations that came to an end in this way.</summary>
    public long Ends(AllocationEnd reason) => _ends[(int)reason];

    /// <summary>Requests that were read, answered or not; one that waits for the outside counts again when it goes on.</summary>
    public long Requests(StunMethod method) => Of(_requests, method);

    /// <summary>Success responses.</summary>
    public long SuccessesOf(StunMethod method) => Of(_successes, method);

    /// <summary>Error responses, of whatever code.</summary>
    public long FailuresOf(StunMethod method) => Of(_failures, method);

    internal void CountDrop(DropReason reason) => _drops[(int)reason]++;

    internal void CountEnd(AllocationEnd reason) => _ends[(int)reason]++;

    internal void CountRequest(StunMethod method) => _requests[(int)method & 15]++;

    internal void CountSuccess(StunMethod method) => _successes[(int)method & 15]++;

    internal void CountError(StunMethod method, int code)
    {
        _failures[(int)method & 15]++;
        _errors[code - 300]++;
    }

    static long Of(long[] counts, StunMethod method) => (int)method < counts.Length ? counts[(int)method] : 0;
}
