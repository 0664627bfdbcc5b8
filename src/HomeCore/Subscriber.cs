namespace Portunus.HomeCore;

/// <summary>What the HSS knows of a subscriber: a private identity, its public identities, and digest hashes, never a password.</summary>
/// <param name="Impi">The private identity, which is the digest username: <c>alice@ims.example.net</c>.</param>
/// <param name="Impus">Public identities as sip or tel URIs, the default one first; never empty.</param>
/// <param name="HashMd5">HA1 = MD5(username:realm:password), 16 bytes (RFC 7616 §3.4.2).</param>
/// <param name="HashSha256">The same with SHA-256, 32 bytes; null when the subscriber is offered MD5 only.</param>
public sealed record Subscriber(string Impi, IReadOnlyList<string> Impus, byte[] HashMd5, byte[]? HashSha256 = null)
{
    /// <summary>Without the hashes: they are as good as the password.</summary>
    public override string ToString() => $"subscriber {Impi}";
}
