namespace Portunus.Simulation;

/// <summary>How a link treats what it carries, the same in both directions.</summary>
/// <remarks>
/// Streams are ordered and lossless: where a datagram would be lost, a segment comes <see cref="Retransmission"/> later,
/// and all behind it wait.
/// </remarks>
public sealed record LinkShape
{
    /// <summary>A link that carries everything at once.</summary>
    public static readonly LinkShape Perfect = new();

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Added to <see cref="Delay"/>, uniform from 0 to this; so datagrams sent close together may overtake.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Share of datagrams lost, 0 to 1; of segments that need one more <see cref="Retransmission"/>.</summary>
    public double Loss { get; init; }

    /// <summary>Share of datagrams that arrive twice, 0 to 1; the second has its own delay.</summary>
    public double Duplicates { get; init; }

    /// <summary>Share of datagrams held back for one more <see cref="Delay"/>, 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>0 for unlimited.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>A datagram that would wait longer than this for the link's rate is dropped.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What the loss of a segment costs its stream; 200 ms is the least that Linux waits before it sends again.
    /// </summary>
    public TimeSpan Retransmission { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Each further loss of a segment costs twice what the one before did, up to this (RFC 6298 §5.5); null: always the same.
    /// </summary>
    public TimeSpan? LongestRetransmission { get; init; }

    /// <summary>Bytes of a segment: a longer message of a stream is lost piece by piece; 0: each message is one segment.</summary>
    public int SegmentBytes { get; init; }

    internal void Validate()
    {
        if (Delay < TimeSpan.Zero || Jitter < TimeSpan.Zero || Queue < TimeSpan.Zero || Retransmission < TimeSpan.Zero)
            throw new ArgumentException("A link's times are not negative.");
        if (Loss is not (>= 0 and <= 1) || Duplicates is not (>= 0 and <= 1) || Reordering is not (>= 0 and <= 1))
            throw new ArgumentException("A link's shares lie between 0 and 1.");
        if (SegmentBytes < 0) throw new ArgumentException("A segment has some bytes, or 0 for as many as a message.");
        if (BitsPerSecond < 0) throw new ArgumentException("A link's rate is positive, or 0 for unlimited.");
    }
}
