using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Portunus.Nodes.Transfer;

/// <summary>Who may write what of which realm, by the names in a client's certificate.</summary>
sealed class Writers(CredentialListenerSettings settings)
{
    readonly CertifiedNames _names = new([.. settings.Writers.Keys, .. settings.Revokers.Keys]);

    readonly FrozenDictionary<string, FrozenSet<string>> _edges = RealmsOf(settings.Writers), _wafs = RealmsOf(settings.Revokers);

    readonly FrozenDictionary<string, DenialShare> _shares = settings.Revokers.Keys.ToFrozenDictionary(
        name => name.ToLowerInvariant(), _ => new DenialShare(settings.MostRevoked / settings.Revokers.Count));

    /// <summary>The edge or WAF behind a connection; null when its certificate names none that may write.</summary>
    public string? NameOf(HttpContext context) => _names.Of(context);

    /// <summary>The edge or WAF of a certificate; null when it names none that may write.</summary>
    public string? NameOf(X509Certificate2? certificate) => _names.Of(certificate);

    public bool MayWrite(string name, string realm) => Has(_edges, name, realm);

    public bool MayRevoke(string name, string realm) =>
        (settings.EdgesMayRevoke && MayWrite(name, realm)) || Has(_wafs, name, realm);

    /// <summary>How much a WAF may have denied, who may speak of tokens alone; null for an edge.</summary>
    public DenialShare? ShareOf(string name) => _shares.GetValueOrDefault(name);

    static bool Has(FrozenDictionary<string, FrozenSet<string>> some, string name, string realm) =>
        some.TryGetValue(name, out var realms) && realms.Contains(realm);

    static FrozenDictionary<string, FrozenSet<string>> RealmsOf(ImmutableDictionary<string, ImmutableArray<string>> some) =>
        some.ToFrozenDictionary(
            one => one.Key.ToLowerInvariant(), one => one.Value.ToFrozenSet(StringComparer.Ordinal));
}
