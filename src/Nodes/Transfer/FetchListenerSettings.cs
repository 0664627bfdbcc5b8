using System.Collections.Immutable;
using System.Net;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>Where an edge tells credentials to TURN servers that ask (Approach 2, pull), and to which.</summary>
public sealed record FetchListenerSettings
{
    /// <summary>An address of the operator's network, of its own; port 0 for a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    public required TlsFiles Tls { get; init; }

    /// <summary>
    /// The TURN servers: a dNSName of the certificate with which one asks, and its name in <see cref="TransferNodeSettings.Servers"/>,
    /// by which it is told the end of what it fetched.
    /// </summary>
    public required ImmutableDictionary<string, string> Readers { get; init; }

    /// <summary>What the operator calls <see cref="Listen"/>, for the sentence about a taken port.</summary>
    public string ListenFlag { get; init; } = "the credential listener's address";

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Readers.IsEmpty) yield return "Name at least one TURN server that may ask, by the dNSName of its certificate.";
        foreach (var name in Readers.Keys)
            if (Uri.CheckHostName(name) != UriHostNameType.Dns) yield return $"'{name}' is no dNSName of a certificate.";
        if (Readers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Readers.Count)
            yield return "A TURN server that may ask for credentials is named twice.";
    }
}
