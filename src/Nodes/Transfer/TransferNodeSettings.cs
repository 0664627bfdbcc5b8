using System.Collections.Immutable;
using Portunus.Epcscf;
using Portunus.Nodes.Redis;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>The TURN servers that an edge makes its credentials known to, or that a WAF tells of what it revoked.</summary>
public sealed record TransferNodeSettings
{
    /// <summary>In any order.</summary>
    public required ImmutableArray<TransferTarget> Servers { get; init; }

    /// <summary>Its certificate names the edge or WAF to the servers; null where none of them is spoken to by TLS.</summary>
    public required TlsFiles? Tls { get; init; }

    /// <summary>What the machine does with time and room; its servers come from <see cref="Servers"/>.</summary>
    public TransferSettings Rules { get; init; } = new() { Servers = [] };

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Servers.IsDefault) yield return "Name the TURN servers to tell.";
        else
            foreach (var server in Servers)
                foreach (var mistake in MistakesOf(server)) yield return mistake;
        foreach (var mistake in Machine.Mistakes()) yield return mistake;
    }

    IEnumerable<string> MistakesOf(TransferTarget server)
    {
        var isRedis = server.Redis is not null;
        string[] schemes = isRedis ? [RedisAccess.Scheme, RedisAccess.TlsScheme] : ["https", TransferTarget.AgentScheme];
        if (server.Address is not { IsAbsoluteUri: true, AbsolutePath: "/", Port: > 0 } || !schemes.Contains(server.Address.Scheme))
            yield return $"The credential interface of {server.Name} is written like https://turn1.example.net:8446/, "
                + "or, of a media gateway node, like ngs://agw1.example.net:2224/, or, of a coturn's data base, like "
                + "rediss://redis1.example.net:6380/.";
        else if (Tls is null && server.Address.Scheme != RedisAccess.Scheme)
            yield return $"For {server.Name} the edge needs a certificate.";
        if (isRedis && !RedisAccess.CanName(server.Realm))
            yield return $"The realm of {server.Name} has a space or a percent sign, and coturn cannot ask Redis for it.";
    }

    internal TransferSettings Machine =>
        Rules with { Servers = [.. (Servers.IsDefault ? [] : Servers).Select(server => server.Name)] };
}

/// <summary>One TURN server's interface for credentials.</summary>
/// <param name="Name">Of the configuration.</param>
/// <param name="Realm">Of the server.</param>
/// <param name="Address">https for the interface of its own, ngs for the control connection of a media gateway node; host and port.
/// The host is one that its certificate names. Or redis and rediss, for the data base of a coturn.</param>
public sealed record TransferTarget(string Name, string Realm, Uri Address)
{
    /// <summary>ng over TLS. Nobody registered such a scheme; it is written in configurations of this program only.</summary>
    public const string AgentScheme = "ngs";

    /// <summary>Of a Redis what it wants; null for other interfaces.</summary>
    public RedisAccess? Redis { get; init; }

    internal bool IsAgent => Address.Scheme == AgentScheme;
}
