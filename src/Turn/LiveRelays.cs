using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// The live relays of the TURN servers of one process, by address. Servers that share it may have one relay address, and each admits
/// the relays of the others as peers.
/// </summary>
public sealed class LiveRelays
{
    readonly Lock _gate = new();
    readonly Dictionary<TransportAddress, RelayPorts> _byAddress = [];

    /// <param name="local">What relays are bound to; its port says nothing.</param>
    internal RelayPorts Of(in TransportAddress local)
    {
        var address = local.WithPort(0);
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(address, out var ports)) _byAddress.Add(address, ports = new());
            return ports;
        }
    }
}
