using Portunus.Bedrock;
using Portunus.Transport.Tls;

namespace Portunus.Nodes.Relay;

/// <summary>What a UDP listener has beside its socket where DTLS is spoken: who has a session, and how to greet who has none.</summary>
/// <param name="certificate">Stays with the caller.</param>
/// <param name="random">For the keys of cookies.</param>
sealed class DtlsDoor(TurnCertificate certificate, IRandom random)
{
    /// <summary>Keeps nothing of whom it greets.</summary>
    public DtlsListener Greeter { get; } = new(random);

    public Dictionary<TransportAddress, DtlsClient> Clients { get; } = [];

    public TurnCertificate Certificate => certificate;
}
