using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Transfer;

/// <summary>Who may write which realm, by the names in a client's certificate.</summary>
sealed class Writers(CredentialListenerSettings settings)
{
    readonly CertifiedNames _names = new(settings.Writers.Keys);

    readonly FrozenDictionary<string, FrozenSet<string>> _realms = settings.Writers.ToFrozenDictionary(
        writer => writer.Key.ToLowerInvariant(), writer => writer.Value.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The edge behind a connection; null when its certificate names none that may write.</summary>
    public string? EdgeOf(HttpContext context) => _names.Of(context);

    /// <summary>The edge of a certificate; null when it names none that may write.</summary>
    public string? EdgeOf(X509Certificate2? certificate) => _names.Of(certificate);

    public bool MayWrite(string edge, string realm) => _realms[edge].Contains(realm);
}
