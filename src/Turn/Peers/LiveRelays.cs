using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// What the TURN servers of one process know of each other: the live relays by address, and where the process listens. Servers that
/// share it may have one relay address; each admits the relays of the others as peers, and nothing else at these addresses.
/// </summary>
public sealed class LiveRelays
{
    readonly Lock _gate = new();

    // Replaced whole, so that the path of a datagram reads them without a lock.
    volatile (TransportAddress Address, RelayPorts Ports)[] _relays = [];
    volatile HashSet<TransportAddress> _listeners = [];

    /// <summary>The ports of a relay address; its inner and its outer name mean the same.</summary>
    internal RelayPorts Of(RelayAddress relay)
    {
        var (local, outer) = (relay.Local.WithPort(0), relay.Public.WithPort(0));
        lock (_gate)
        {
            if (!TryGet(local, out var ports)) _relays = [.. _relays, (local, ports = new())];
            if (!TryGet(outer, out _)) _relays = [.. _relays, (outer, ports)];
            return ports;
        }
    }

    /// <summary>The live ports of an address, if it is a relay address of this process.</summary>
    internal bool TryGet(in TransportAddress address, [NotNullWhen(true)] out RelayPorts? ports)
    {
        foreach (ref readonly var relay in _relays.AsSpan())
            if (relay.Address.SameAddress(address))
            {
                ports = relay.Ports;
                return true;
            }

        ports = null;
        return false;
    }

    /// <summary>The process listens there, for anything: from now on no server of it has a peer there.</summary>
    internal void Listen(IEnumerable<TransportAddress> addresses)
    {
        lock (_gate) _listeners = [.. _listeners, .. addresses];
    }

    internal bool IsListener(in TransportAddress address) => _listeners.Contains(address);
}
