namespace Portunus.Store;

/// <summary>
/// What is kept of a subscriber: a private identity, its public identities, and digest hashes; never a password.
/// </summary>
/// <remarks>
/// An algorithm is offered exactly when its hash is there: one fact, so the two cannot disagree. Without any, its users are
/// signed in by the web and vouched for by a trusted edge.
/// </remarks>
/// <param name="Impi">The private identity, which is the digest username: <c>alice@ims.example.net</c>.</param>
/// <param name="Impus">
/// Public identities as sip or tel URIs that are registered together, the default one first; one at least, and no one else's.
/// </param>
/// <param name="HashMd5">HA1 with MD5, 16 bytes (RFC 7616 §3.4.2); null when MD5 is not offered.</param>
/// <param name="HashSha256">HA1 with SHA-256, 32 bytes (RFC 8760 §2.3); null when SHA-256 is not offered.</param>
public sealed record SubscriberRecord(string Impi, IReadOnlyList<string> Impus, byte[]? HashMd5, byte[]? HashSha256 = null)
{
    /// <summary>
    /// Further implicit registration sets (TS 23.228 §5.2.1a): the subscription of a pool has one for each of its users, a sip
    /// URI and maybe its tel URI.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> MoreSets { get; init; } = [];

    /// <summary>
    /// Allowed-WAF-WWSF-Identities (TS 29.229): which third parties may have signed its users in; null when anyone may whom the
    /// edge trusts.
    /// </summary>
    public IReadOnlyList<string>? AllowedWebFunctions { get; init; }

    /// <summary>A subscriber as a password makes it; the password itself goes no further.</summary>
    /// <param name="impi">The private identity.</param>
    /// <param name="impus">The public identities, the default one first.</param>
    /// <param name="realm">The digest realm.</param>
    /// <param name="password">Hashed here.</param>
    /// <param name="algorithms">Which algorithms a challenge will offer.</param>
    public static SubscriberRecord WithPassword(
        string impi, IReadOnlyList<string> impus, string realm, string password, DigestAlgorithms algorithms) =>
        new(
            impi,
            impus,
            algorithms.HasFlag(DigestAlgorithms.Md5) ? DigestHash.Md5(impi, realm, password) : null,
            algorithms.HasFlag(DigestAlgorithms.Sha256) ? DigestHash.Sha256(impi, realm, password) : null);

    /// <summary>Without the hashes: they are as good as the password.</summary>
    public override string ToString() => $"subscriber {Impi}";
}
