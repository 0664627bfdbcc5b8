using Portunus.Nodes.Relay;

namespace Portunus.Server.Configuration;

/// <summary>What connections may cost; some of it has flags of <c>portunus turn</c>.</summary>
[Says("What connections of tcp: and tls: and sessions of dtls: may cost, of all workers together.")]
sealed record ConnectionsSection
{
    const int Most = QuotaFlags.Most;
    const int LongestSeconds = 86400;
    const int LeastBytes = 16384;
    const int MostBytes = 64 << 20;

    [Says("Connections and sessions at a time; more are closed at once."), Between(1, StreamLimits.Ceiling)]
    public int Total { get; init; } = 16384;

    [Says("The same of one IPv4 address or IPv6 /64; behind a balancer, of a header's."), Between(1, Most)]
    public int PerAddress { get; init; } = 1024;

    [Says("Those that have not said anything yet that a TURN server understands; as many more may wait for a balancer's header."),
     Between(1, Most)]
    public int Silent { get; init; } = 1024;

    [Says("The same of one IPv4 address or IPv6 /64."), Between(1, Most)]
    public int SilentPerAddress { get; init; } = 64;

    [Says("How long one may take until its first message, header and handshake included."), Between(1, LongestSeconds)]
    public int FirstMessageSeconds { get; init; } = 15;

    [Says("How long one may then be silent while it has no allocation."), Between(1, LongestSeconds)]
    public int IdleSeconds { get; init; } = 60;

    [Says("Bytes that may wait for a client that does not read before what peers say is lost."), Between(LeastBytes, MostBytes)]
    public int UnreadMediaBytes { get; init; } = 65536;

    [Says("The same with answers, which may not be lost; beyond it the connection is closed."), Between(LeastBytes, MostBytes)]
    public int UnreadBytes { get; init; } = 131072;

    public StreamLimits ToLimits() => new()
    {
        Most = Total,
        MostOfAddress = PerAddress,
        MostSilent = Silent,
        MostSilentOfAddress = SilentPerAddress,
        FirstMessage = TimeSpan.FromSeconds(FirstMessageSeconds),
        Idle = TimeSpan.FromSeconds(IdleSeconds),
        MostMedia = UnreadMediaBytes,
        MostWaiting = UnreadBytes,
    };
}
