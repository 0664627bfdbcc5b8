namespace Portunus.Sip;

/// <summary>The times and bounds of a transaction layer. Defaults are those of RFC 3261, table 4.</summary>
public sealed record TransactionSettings
{
    /// <summary>Estimate of a round trip; the unit of most timers.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two retransmissions of a non-INVITE request or an INVITE response.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message may stay in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a proxy lets an INVITE ring (§16.6 step 11: above three minutes); null in a user agent, which asks a person.
    /// </summary>
    public TimeSpan? TimerC { get; init; }

    /// <summary>When an INVITE that its user has not answered is answered 100 here (§17.2.1).</summary>
    public TimeSpan TryingAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Transactions at a time: with messages of usual size, 4 kB each, 64 MB. A request above it gets a 503.</summary>
    public int Capacity { get; init; } = 16_384;

    /// <summary>What a 503 for want of room says in Retry-After: by then half of what waits for 64*T1 is gone.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>How long a request is worth retransmitting: Timers B, F, H, J, L, M.</summary>
    public TimeSpan Patience => 64 * T1;

    /// <summary>Timer D over unreliable transports: "at least 32 seconds", however short T1 is (§17.1.1.2).</summary>
    public TimeSpan TimerD => Patience > TimeSpan.FromSeconds(32) ? Patience : TimeSpan.FromSeconds(32);

    /// <summary>
    /// When a client's Timer E has grown to T2: 3.5 s by default. Before it no 100 to a non-INVITE helps (RFC 4320 §4.1).
    /// </summary>
    public TimeSpan TimerEReachesT2
    {
        get
        {
            var sum = TimeSpan.Zero;
            for (var interval = T1; interval < T2; interval *= 2) sum += interval;
            return sum;
        }
    }

    /// <exception cref="ArgumentException">A time or bound that no layer can work with.</exception>
    public void Validate()
    {
        if (T1 <= TimeSpan.Zero || T2 < T1 || T4 <= TimeSpan.Zero)
            throw new ArgumentException("T1 and T4 are above zero, T2 is not below T1.");
        if (Capacity < 1) throw new ArgumentException("Capacity is at least 1.");
    }
}
