using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Transport.Tls;

namespace Portunus.Nodes.Relay;

/// <summary>What a UDP listener has beside its socket where DTLS is spoken: who has a session, and how to greet who has none.</summary>
/// <param name="number">The listener's, as the counters know it.</param>
/// <param name="isShared">Whether plain UDP is heard at the same socket.</param>
/// <param name="certificate">Stays with the caller.</param>
/// <param name="random">For the keys of cookies.</param>
sealed class DtlsDoor(int number, bool isShared, TurnCertificate certificate, IRandom random)
{
    public int Number => number;

    /// <summary>Keeps nothing of whom it greets.</summary>
    public DtlsListener Greeter { get; } = new(random);

    public Dictionary<TransportAddress, DtlsClient> Clients { get; } = [];

    public TurnCertificate Certificate => certificate;

    /// <summary>Whether a datagram comes by this door; where it shares its socket, the first byte tells (RFC 7983 §7).</summary>
    public bool IsFor(ReadOnlySpan<byte> datagram) => !isShared || datagram.Demultiplex() == FirstByte.Dtls;
}
