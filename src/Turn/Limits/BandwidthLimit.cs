namespace Portunus.Turn;

/// <summary>What one subject may relay in a second, in each direction for itself; payload is counted, without any header.</summary>
/// <param name="Kbps">Kilobits (1000 bits) a second; null without a limit.</param>
/// <param name="Pps">Datagrams a second; null without a limit.</param>
readonly record struct BandwidthLimit(int? Kbps, int? Pps)
{
    // Far beyond any network, and far below what overflows.
    static readonly BucketRate Unlimited = new(1L << 36, 1L << 36);

    // The longest datagram must fit.
    const long LeastBurst = 65536;

    public bool IsNone => Kbps is null && Pps is null;

    /// <summary>Bytes; half a second of them at once.</summary>
    public BucketRate Bytes =>
        Kbps is { } kbps ? new(kbps * 125L, Math.Max(kbps * 125L / 2, LeastBurst)) : Unlimited;

    /// <summary>Datagrams; half a second of them at once, and no fewer than of one picture.</summary>
    public BucketRate Packets => Pps is { } pps ? new(pps, Math.Max(pps / 2, 10)) : Unlimited;

    /// <summary>The narrower of two, each by itself.</summary>
    public BandwidthLimit And(BandwidthLimit other) => new(Least(Kbps, other.Kbps), Least(Pps, other.Pps));

    static int? Least(int? a, int? b) => a is null || b < a ? b : a;
}
