using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>What the HSS knows of a subscriber: its identities and digest hashes, never a password.</summary>
/// <param name="Impi">The private identity, which is the digest username: <c>alice@ims.example.net</c>.</param>
/// <param name="Impus">Public identities as sip or tel URIs, the default one first; never empty.</param>
/// <param name="Secrets">H(A1) over IMPI, home domain and password, one per algorithm, best first; never empty.</param>
public sealed record Subscriber(string Impi, IReadOnlyList<string> Impus, IReadOnlyList<DigestSecret> Secrets)
{
    /// <summary>The identity alone.</summary>
    public override string ToString() => $"subscriber {Impi}";
}
