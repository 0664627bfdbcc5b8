using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Store.Access;

namespace Portunus.Nodes.Serve;

/// <summary>Where the data bases of this process's roles are heard: whoever relays by TCP could speak to them, from an address that they
/// trust. So they are never peers, whatever ranges are allowed.</summary>
static class DataBases
{
    /// <summary>By the names that the system knows now; one that it does not know is left out.</summary>
    public static Task<ImmutableArray<TransportAddress>> FindAsync(ServeSettings settings) => FindAsync(Hosts(settings));

    internal static async Task<ImmutableArray<TransportAddress>> FindAsync(IEnumerable<(string Host, int Port)> hosts)
    {
        var found = new List<TransportAddress>();
        foreach (var (host, port) in hosts)
            foreach (var address in await AddressesOf(host))
                found.AddRange(NamesOf(TransportAddress.From(address, (ushort)port)));
        return [.. found.Distinct()];
    }

    static IEnumerable<(string Host, int Port)> Hosts(ServeSettings settings)
    {
        var connections = new[] { settings.Waf?.Place.Postgres, settings.Wwsf?.Place.Postgres }.OfType<string>().Distinct();
        var told = settings.Epcscf?.Transfer is { Servers.IsDefault: false } transfer ? transfer.Servers : [];
        return connections.SelectMany(AccessStore.HostsOf)
            .Concat(told.Where(server => server.Redis is not null).Select(server => (server.Address.IdnHost, server.Address.Port)))
            .Where(host => host.Item2 is > 0 and <= ushort.MaxValue);
    }

    static async Task<IPAddress[]> AddressesOf(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>One of this machine may be heard at all addresses of it.</summary>
    static IEnumerable<TransportAddress> NamesOf(TransportAddress place)
    {
        var isOwn = IPAddress.IsLoopback(place.ToIPAddress()) || OwnAddresses.Find().Any(own => own.SameAddress(place));
        return isOwn
            ? TurnListeners.EachAddress(TransportAddress.IPv4(0, place.Port))
                .Concat(TurnListeners.EachAddress(TransportAddress.IPv6(0, place.Port))).Append(place)
            : [place];
    }
}
