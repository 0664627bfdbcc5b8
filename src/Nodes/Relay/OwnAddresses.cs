using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>The addresses of this machine, as its interfaces have them when it is asked.</summary>
static class OwnAddresses
{
    /// <summary>Of both families, with port 0.</summary>
    public static ImmutableArray<TransportAddress> Find() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(own => TransportAddress.From(own.Address, 0)),
    ];
}
