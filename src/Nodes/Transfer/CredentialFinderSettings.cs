using System.Collections.Immutable;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>The edges that a TURN server asks for credentials it does not know (Approach 2, pull).</summary>
public sealed record CredentialFinderSettings
{
    /// <summary>All are asked at once: a username does not tell whose it is.</summary>
    public required ImmutableArray<FinderTarget> Edges { get; init; }

    /// <summary>Its certificate names this server to the edges.</summary>
    public required TlsFiles Tls { get; init; }

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Edges.IsDefaultOrEmpty || Edges.Length > 8)
        {
            yield return "Name 1 to 8 edges to ask for credentials.";
            yield break;
        }

        foreach (var edge in Edges)
        {
            if (Uri.CheckHostName(edge.Name) != UriHostNameType.Dns)
                yield return $"'{edge.Name}' is no dNSName of an edge's certificate.";
            if (edge.Address is not { IsAbsoluteUri: true, Scheme: "https", AbsolutePath: "/" })
                yield return $"The address at which {edge.Name} is asked is written like https://edge1.example.net:8447/.";
        }

        if (Edges.Select(edge => edge.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < Edges.Length)
            yield return "An edge to ask for credentials is named twice.";
    }
}

/// <summary>One edge to ask.</summary>
/// <param name="Name">The dNSName under which it withdraws what it told (<see cref="CredentialListenerSettings.Writers"/>).</param>
/// <param name="Address">https, host and port; the host is one that its certificate names.</param>
public sealed record FinderTarget(string Name, Uri Address);
