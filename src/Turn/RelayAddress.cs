using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>An address of this machine on which relays are opened, and what the world calls it. Ports say nothing here.</summary>
/// <param name="Local">What a socket is bound to.</param>
/// <param name="Public">What clients are told: the same, or the outer address of a one-to-one NAT that keeps ports.</param>
public readonly record struct RelayAddress(TransportAddress Local, TransportAddress Public)
{
    public RelayAddress(TransportAddress address) : this(address, address)
    {
    }

    /// <summary>One or two.</summary>
    internal IEnumerable<TransportAddress> Names() => Local.SameAddress(Public) ? [Local] : [Local, Public];

    public override string ToString() =>
        Local.SameAddress(Public) ? $"{Local.ToIPAddress()}" : $"{Local.ToIPAddress()}={Public.ToIPAddress()}";
}
