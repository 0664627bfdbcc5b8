using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Transfer;

/// <summary>Which node of the operator is behind a connection: the dNSName of its certificate that stands in the
/// configuration.</summary>
/// <param name="names">Of the configuration.</param>
sealed class CertifiedNames(IEnumerable<string> names)
{
    readonly FrozenSet<string> _names = names.Select(name => name.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>In lower case; null when its certificate names none of the configuration.</summary>
    public string? Of(HttpContext context)
    {
        // Once for each connection, whose certificate does not change.
        var kept = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (kept is not null && kept.TryGetValue(this, out var known)) return (string?)known;
        var name = Of(context.Connection.ClientCertificate);
        if (kept is not null) kept[this] = name;
        return name;
    }

    /// <summary>The subject's common name counts for nothing (RFC 9525 §2).</summary>
    public string? Of(X509Certificate2? certificate) => certificate?.Extensions
        .OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(names => names.EnumerateDnsNames())
        .Select(name => name.ToLowerInvariant())
        .FirstOrDefault(_names.Contains);
}
