using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Serve;

/// <summary>A WAF whose tokens a TURN server takes.</summary>
/// <param name="Keys">Where it gives its key.</param>
/// <param name="Authorities">Who signs its certificate; empty: those of the system.</param>
/// <param name="Limits">The name of limits that all its tokens have; null for none.</param>
public sealed record TokenKeysWaf(Uri Keys, IReadOnlyList<X509Certificate2> Authorities, string? Limits = null);
