using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>The TURN servers that an edge offers, and which of them a registration is told of; immutable.</summary>
/// <remarks>
/// A registration keeps its servers over all refreshes: they are ranked by a hash of its opaque id, each weighted (rendezvous
/// hashing), so that no table is needed and a server more or less moves only its own share.
/// </remarks>
public sealed class TurnSites
{
    readonly TurnSite[] _sites;
    readonly string? _region;
    readonly int _most;

    /// <param name="sites">In the order of the configuration; the realm of the first is meant where a WIC names none.</param>
    /// <param name="region">
    /// Of this edge: servers there are offered, others only where there is none. Null for no preference.
    /// </param>
    /// <param name="most">How many a registration is told of.</param>
    /// <exception cref="ArgumentException">No server, two of one name, a server without URI, or nothing offered.</exception>
    public TurnSites(IReadOnlyList<TurnSite> sites, string? region = null, int most = 3)
    {
        if (sites.Count == 0 || most < 1)
            throw new ArgumentException("Name at least one TURN server, and offer one.", nameof(sites));
        if (sites.Select(site => site.Name).Distinct(StringComparer.Ordinal).Count() < sites.Count)
            throw new ArgumentException("Each TURN server has a name of its own.", nameof(sites));
        if (sites.Any(site => site.Weight < 0 || site.Uris.Count is 0 or > TurnCredential.MostUris))
            throw new ArgumentException(
                $"A TURN server has 1 to {TurnCredential.MostUris} URIs and no negative weight.", nameof(sites));
        (_sites, _region, _most) = ([.. sites], region, most);
    }

    internal IEnumerable<string> Names => _sites.Select(site => site.Name);

    /// <summary>All of them, by their realm.</summary>
    internal IEnumerable<IGrouping<string, TurnSite>> ByRealm => _sites.GroupBy(site => site.Realm);

    /// <summary>
    /// Those that a wish can be given, the best first, each with the URIs that it asks for; empty when there is none.
    /// </summary>
    public IReadOnlyList<TurnSite> For(CredentialWish wish)
    {
        var realm = wish.Request.Realm ?? _sites[0].Realm;
        var fit = new List<TurnSite>();
        foreach (var site in _sites)
            if (site.Realm == realm && Fitting(site, wish.Request.Transports) is { } fitting) fit.Add(fitting);

        if (_region is not null && fit.Any(site => site.Region == _region)) fit.RemoveAll(site => site.Region != _region);
        // The only one needs no rank.
        return fit.Count < 2 ? fit : [.. fit.OrderByDescending(site => Rank(site, wish.Opaque)).Take(_most)];
    }

    /// <summary>Their URIs as a client tries them: UDP first, then in the order of the servers.</summary>
    public static IReadOnlyList<TurnUri> UrisOf(IReadOnlyList<TurnSite> sites)
    {
        var uris = new List<TurnUri>();
        Add(isUdp: true);
        Add(isUdp: false);
        return uris;

        void Add(bool isUdp)
        {
            foreach (var site in sites)
            foreach (var uri in site.Uris)
                if (uris.Count < TurnCredential.MostUris && TransportOf(uri) == "udp" == isUdp) uris.Add(uri);
        }
    }

    /// <summary>The site with the URIs of these transports, of any where none is named; null when it has none of them.</summary>
    static TurnSite? Fitting(TurnSite site, IReadOnlyList<string> transports)
    {
        if (transports.Count == 0) return site;
        TurnUri[] uris = [.. site.Uris.Where(uri => transports.Contains(TransportOf(uri)))];
        return uris.Length > 0 ? site with { Uris = uris } : null;
    }

    /// <summary>The weighted score of rendezvous hashing: -weight / ln(u), u being drawn from the two names' hash.</summary>
    static double Rank(TurnSite site, string opaque)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{site.Name}\n{opaque}"), hash);
        // 53 bits, in (0, 1).
        var share = ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1L << 53);
        return -site.Weight / Math.Log(share);
    }

    /// <summary>As a request names it: udp, tcp, tls, dtls. Without one it is UDP, and TCP for turns (RFC 5928 §3).</summary>
    static string TransportOf(TurnUri uri) => (uri.Secure, uri.Transport) switch
    {
        (false, var plain) => plain ?? "udp",
        (true, "udp") => "dtls",
        (true, _) => "tls",
    };
}
