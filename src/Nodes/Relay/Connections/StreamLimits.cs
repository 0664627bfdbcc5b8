namespace Portunus.Nodes.Relay;

/// <summary>What connections of clients and sessions of DTLS may cost a node before they have proved anything, and when they do not
/// read. What is counted is counted over all its workers.</summary>
public sealed record StreamLimits
{
    /// <summary>What <see cref="Most"/> can be at most.</summary>
    public const int Ceiling = ClientStreams.Most;

    /// <summary>Connections at a time.</summary>
    public int Most { get; init; } = 16384;

    /// <summary>Of one IPv4 address, or one /64 of IPv6: a whole company may be behind it.</summary>
    public int MostOfAddress { get; init; } = 1024;

    /// <summary>That have not yet said anything a TURN server understands. So many more may wait for a balancer's header.</summary>
    public int MostSilent { get; init; } = 1024;

    /// <summary>The same, of one address or /64.</summary>
    public int MostSilentOfAddress { get; init; } = 64;

    /// <summary>How long one may take, handshake of TLS included, until then. A client sends its first request at once.</summary>
    public TimeSpan FirstMessage { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one may then be silent while no allocation lives on it.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that wait for a client that does not read, before what peers say is lost, as a full router would lose it: at
    /// 2 Mbit/s, a quarter of a second.</summary>
    public int MostMedia { get; init; } = 64 * 1024;

    /// <summary>The same with answers, which may not be lost; beyond it the connection is closed.</summary>
    public int MostWaiting { get; init; } = 128 * 1024;

    /// <summary>The same while no allocation lives on the connection, and as much of a message that is not whole: what a request with the
    /// longest name, realm and token has, and what answers it, is less. Else whoever has nothing holds all of the above on each of
    /// <see cref="Most"/> connections.</summary>
    public int MostUnproved { get; init; } = 4 * 1024;

    /// <summary>Why these cannot be together, as a sentence; null when they can.</summary>
    public string? Mistake => MostMedia > MostWaiting
        ? "Of the bytes that wait for a client that does not read, media cannot have more than there are in all."
        : Most > Ceiling ? $"Of connections and sessions no more than {Ceiling} can be open at a time."
        : null;
}
