using System.Collections.Immutable;
using System.Net;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>Where a TURN server takes credentials, and from whom.</summary>
public sealed record CredentialListenerSettings
{
    /// <summary>An address of the operator's network, of its own; port 0 for a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    public required TlsFiles Tls { get; init; }

    /// <summary>
    /// The edges: a dNSName of the client's certificate, and the realms that it may write. What a certificate names that is not
    /// here may write nothing.
    /// </summary>
    public required ImmutableDictionary<string, ImmutableArray<string>> Writers { get; init; }

    /// <summary>What the operator calls <see cref="Listen"/>, for the sentence about a taken port.</summary>
    public string ListenFlag { get; init; } = "the credential listener's address";

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Writers.IsEmpty) yield return "Name at least one edge that may write, by the dNSName of its certificate.";
        foreach (var (name, realms) in Writers)
        {
            if (Uri.CheckHostName(name) != UriHostNameType.Dns) yield return $"'{name}' is no dNSName of a certificate.";
            if (realms.IsDefaultOrEmpty) yield return $"The edge '{name}' needs a realm that it may write.";
        }

        if (Writers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Writers.Count)
            yield return "An edge that may write credentials is named twice.";
    }
}
