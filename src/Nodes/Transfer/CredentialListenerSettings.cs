using System.Collections.Immutable;
using System.Net;
using Portunus.Nodes.Tls;
using Portunus.Turn;

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

    /// <summary>
    /// The WAFs, in the same form: they may say that tokens count no more, of the realms given, and nothing else. A third party's
    /// may stand here.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Revokers { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>
    /// Tokens that may be denied by the word of WAFs at a time, shared evenly; the other half of the table is left to edges and to
    /// the operator.
    /// </summary>
    public int MostRevoked { get; init; } = TurnLedger.MostDenials / 2;

    /// <summary>Whether the edges may tell of registrations, too, whose credentials they did not make known.</summary>
    public bool EdgesMayRevoke { get; init; } = true;

    /// <summary>What the operator calls <see cref="Listen"/>, for the sentence about a taken port.</summary>
    public string ListenFlag { get; init; } = "the credential listener's address";

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Writers.IsEmpty && Revokers.IsEmpty)
            yield return "Name at least one edge that may write, by the dNSName of its certificate.";
        foreach (var (name, realms) in Writers.Concat(Revokers))
        {
            if (Uri.CheckHostName(name) != UriHostNameType.Dns) yield return $"'{name}' is no dNSName of a certificate.";
            if (realms.IsDefaultOrEmpty) yield return $"'{name}' needs a realm that it may write.";
        }

        if (Writers.Keys.Concat(Revokers.Keys).CountBy(name => name, StringComparer.OrdinalIgnoreCase).Any(pair => pair.Value > 1))
            yield return "An edge or a WAF that may write is named twice.";
    }
}
