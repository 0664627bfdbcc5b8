namespace Portunus.Waf;

/// <summary>Public identities of one subscription that the operator gave to a site (TS 22.228 Annex H).</summary>
/// <param name="Impi">The subscription's private identity, one for all.</param>
/// <param name="Impus">What the site may give to its users, one at a time.</param>
public sealed record IdentityPool(string Impi, IReadOnlyCollection<string> Impus);
