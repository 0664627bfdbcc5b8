using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>A listening address that other servers have as well (RFC 8155 §6): clients find the nearest server there, and are sent on to
/// where it is alone.</summary>
/// <param name="Address">Where it listens, like 192.0.0.10:3478.</param>
/// <param name="Unicast">Where the same server listens alone; of the same family.</param>
public sealed record AnycastListener(TransportAddress Address, TransportAddress Unicast)
{
    internal IEnumerable<string> Mistakes()
    {
        if (Address.Family == IPFamily.None || Address.Family != Unicast.Family || Address.Port == 0 || Unicast.Port == 0)
            yield return "An anycast address and its unicast address must be of one family, with a port each.";
        else if (Address == Unicast)
            yield return $"The anycast address {Address} sends clients to itself.";
    }
}
