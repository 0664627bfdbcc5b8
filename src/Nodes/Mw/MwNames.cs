using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Nodes.Mw;

/// <summary>Addresses of names by the system's resolver, kept for a minute: it tells no lifetime.</summary>
/// <param name="family">Of our own socket.</param>
sealed class MwNames(AddressFamily family)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    // The core's names are a handful; more are forgotten all at once.
    const int Most = 256;

    readonly ConcurrentDictionary<string, (IPAddress[] Addresses, Instant Until)> _known = new();

    /// <summary>At once, if it is an address or a name that was looked up; false when it must be looked up.</summary>
    public bool TryGet(string host, out IPAddress[] addresses)
    {
        addresses = [];
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            addresses = address.AddressFamily == family ? [address] : [];
            return true;
        }

        if (!_known.TryGetValue(host, out var known) || known.Until <= SystemClock.Now) return false;
        addresses = known.Addresses;
        return true;
    }

    /// <summary>Empty when nobody has the name, or only with addresses of another family.</summary>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken stop)
    {
        if (TryGet(host, out var addresses)) return addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, family, stop);
        }
        catch (SocketException)
        {
            return [];
        }

        if (_known.Count >= Most) _known.Clear();
        _known[host] = (addresses, SystemClock.Now + Lifetime);
        return addresses;
    }
}
