using System.Net;

namespace Portunus.Tests.Conformance.Targets;

/// <summary>A user of the long-term mechanism.</summary>
sealed record User(string Name, string Password);

/// <summary>A user who may have so many allocations and no more.</summary>
/// <param name="At">An instance of the target where that is so; the target itself unless given.</param>
sealed record Quota(User User, int Allocations, Endpoint? At = null);

/// <summary>A key under which the target opens access tokens (RFC 7635 §6.2).</summary>
sealed record TokenKey(string Kid, byte[] Key, string ServerName);

/// <summary>A TURN server to look at, and what its operator says that it has.</summary>
sealed record Target
{
    /// <summary>How the page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The same server by each of its transports.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    public required User User { get; init; }

    public required string Realm { get; init; }

    public User? SecondUser { get; init; }

    public Quota? Quota { get; init; }

    /// <summary>Addresses of this machine that the target relays to; the second one only if there is one.</summary>
    public required IReadOnlyList<IPAddress> Peers { get; init; }

    /// <summary>A peer that it refuses with 403.</summary>
    public IPAddress? DeniedPeer { get; init; }

    public TokenKey? TokenKey { get; init; }

    /// <summary>The same server with a few relay ports, at most a dozen, and without a key of tokens.</summary>
    public Endpoint? FewPorts { get; init; }

    /// <summary>A server that answers Allocate with 300.</summary>
    public Endpoint? Redirect { get; init; }

    /// <summary>The same server without an IPv6 relay address.</summary>
    public Endpoint? Ipv4Only { get; init; }

    /// <summary>The same server without an IPv4 relay address.</summary>
    public Endpoint? Ipv6Only { get; init; }

    /// <summary>The same server by IPv6.</summary>
    public Endpoint? Ipv6Client { get; init; }

    /// <summary>What else it says that it offers: of Ipv6Relay, Mobility, TcpRelay, Dual, Userhash, Icmp, Software.</summary>
    public Needs Offers { get; init; }

    /// <summary>Checks of sentences with SHOULD that it knowingly does not keep, with its reason.</summary>
    public IReadOnlyDictionary<string, string> Declines { get; init; } = new Dictionary<string, string>();

    /// <summary>How long an answer may take. Generous: the machine may be busy.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Why a check with these needs cannot be run by this transport, or null if it can.</summary>
    public string? Lacks(Needs needs, Endpoint endpoint, bool slow)
    {
        var has = Offers
            | (endpoint.IsStream ? Needs.Stream : Needs.Datagrams)
            | (endpoint.Transport == Transport.Tls ? Needs.Tls : endpoint.Transport == Transport.Dtls ? Needs.Dtls : 0)
            | (slow ? Needs.Slow : 0)
            | (DeniedPeer is null ? 0 : Needs.DeniedPeer)
            | (SecondUser is null ? 0 : Needs.SecondUser)
            | (Quota is null ? 0 : Needs.Quota)
            | (FewPorts is null ? 0 : Needs.FewPorts)
            | (Redirect is null ? 0 : Needs.Redirect)
            | (Ipv6Only is null ? 0 : Needs.Ipv6Only)
            | (Ipv6Client is null ? 0 : Needs.Ipv6Client)
            | (Ipv4Only is null ? 0 : Needs.Ipv4Only)
            | (TokenKey is null ? 0 : Needs.Token);
        return (needs & ~has) is var missing && missing == 0 ? null : $"{missing}";
    }
}
