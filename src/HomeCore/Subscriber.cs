using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>What the HSS knows of a subscriber: its identities and digest hashes, never a password.</summary>
/// <param name="Impi">The private identity, which is the digest username: <c>alice@ims.example.net</c>.</param>
/// <param name="Impus">Public identities that are registered together, sip or tel URIs, the default first; never empty.</param>
/// <param name="Secrets">
/// H(A1) over IMPI, home domain and password, one per algorithm, best first; empty where the web signs the users in.
/// </param>
public sealed record Subscriber(string Impi, IReadOnlyList<string> Impus, IReadOnlyList<DigestSecret> Secrets)
{
    /// <summary>Further implicit registration sets: one for each user of a pool's subscription; none is empty.</summary>
    public IReadOnlyList<IReadOnlyList<string>> MoreSets { get; init; } = [];

    /// <summary>Allowed-WAF-WWSF-Identities (TS 29.229); null when the profile has no such list.</summary>
    public IReadOnlyList<string>? AllowedWebFunctions { get; init; }

    /// <summary>The implicit registration set with an identity, its default first; null when the subscriber has it not.</summary>
    public IReadOnlyList<string>? SetOf(string addressOfRecord)
    {
        if (Has(Impus)) return Impus;
        foreach (var set in MoreSets)
            if (Has(set)) return set;
        return null;

        bool Has(IReadOnlyList<string> set) => set.Any(own => LocationTable.Canonical(own) == addressOfRecord);
    }

    /// <summary>
    /// Whether a WAF or WWSF of that name may sign in. An edge names third parties only: one without a name is the operator's own.
    /// </summary>
    public bool Allows(string? webFunction) => webFunction is null
        || AllowedWebFunctions is not { } allowed || allowed.Contains(webFunction, StringComparer.OrdinalIgnoreCase);

    /// <summary>The identity alone.</summary>
    public override string ToString() => $"subscriber {Impi}";
}
