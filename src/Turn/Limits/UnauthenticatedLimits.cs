namespace Portunus.Turn;

/// <summary>
/// What is answered to clients that have proved nothing: Binding, and every request before its credential was found good. Their source
/// may be forged, so that the answer hits somebody else.
/// </summary>
public sealed record UnauthenticatedLimits
{
    /// <summary>The least of <see cref="BytesPerSecond"/>: the half that is not kept back must have room for a challenge.</summary>
    public const int LeastBudget = 1024;

    /// <summary>Answers a second to one IPv4 address or one /64 of IPv6; <see cref="Burst"/> of them at once.</summary>
    public int AnswersPerSecond { get; init; } = 5;

    /// <summary>At once to one source: a household that opens many pages, each with some STUN servers and interfaces.</summary>
    public int Burst { get; init; } = 50;

    /// <summary>To a source that showed a nonce of ours within <see cref="KnownFor"/>, so many times as much of both. A whole company may
    /// be behind one address; and whoever forges its address still gets no more than this sent there.</summary>
    public int KnownFactor { get; init; } = 20;

    /// <summary>How long a source counts as known.</summary>
    public TimeSpan KnownFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes a second of answers to all sources that are not known, together; beyond them no more goes out than came in.</summary>
    public int BytesPerSecond { get; init; } = 64 * 1024;

    /// <summary>Bytes of such answers at once: 1,200 challenges, the first ones of an hour that begins.</summary>
    public int BytesAtOnce { get; init; } = 128 * 1024;

    /// <summary>How many sources are remembered, of those that are known and of those that are not, each; a power of two.</summary>
    public int Sources { get; init; } = 16384;

    /// <summary>Everything wrong with it, in sentences.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (AnswersPerSecond < 1 || Burst < 2) yield return "Unauthenticated answers must be at least 1 a second and 2 at once.";
        if (KnownFactor < 1 || KnownFor <= TimeSpan.Zero) yield return "A known source must have at least as much as another.";
        if (BytesPerSecond < 1 || BytesAtOnce < 2048) yield return "The budget of unauthenticated answers must be at least 2048 bytes.";
        if (Sources is < 4 or > 1 << 24) yield return "4 to 16,777,216 sources can be remembered.";
    }

    /// <param name="answers">A second, to one source; ten times as many at once.</param>
    /// <param name="bytes">A second, to all sources; twice as many at once.</param>
    public static UnauthenticatedLimits Of(int answers, int bytes) => new()
    {
        AnswersPerSecond = answers, Burst = answers * 10, BytesPerSecond = bytes, BytesAtOnce = bytes * 2,
    };

    /// <summary>The share of one of several workers, over which the system spreads sources by their address.</summary>
    public UnauthenticatedLimits Share(int workers) => this with
    {
        BytesPerSecond = Math.Max(1, BytesPerSecond / workers),
        BytesAtOnce = Math.Max(2048, BytesAtOnce / workers),
    };
}
