using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Transfer;

/// <summary>Who may write which realm, by the names in a client's certificate.</summary>
sealed class Writers(CredentialListenerSettings settings)
{
    readonly FrozenDictionary<string, FrozenSet<string>> _realms = settings.Writers.ToFrozenDictionary(
        writer => writer.Key.ToLowerInvariant(), writer => writer.Value.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The edge behind a connection; null when its certificate names none that may write.</summary>
    public string? EdgeOf(HttpContext context)
    {
        // Once for each connection, whose certificate does not change.
        var kept = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (kept is not null && kept.TryGetValue(this, out var known)) return (string?)known;
        var edge = Find(context.Connection.ClientCertificate);
        if (kept is not null) kept[this] = edge;
        return edge;
    }

    public bool MayWrite(string edge, string realm) => _realms[edge].Contains(realm);

    /// <summary>The subject's common name counts for nothing (RFC 9525 §2).</summary>
    string? Find(X509Certificate2? certificate) => certificate?.Extensions
        .OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames())
        .Select(name => name.ToLowerInvariant())
        .FirstOrDefault(_realms.ContainsKey);
}
