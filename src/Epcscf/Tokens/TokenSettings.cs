using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Whose access tokens an edge takes and for what; immutable, validated with <see cref="EdgeSettings"/>.</summary>
public sealed record TokenSettings
{
    /// <summary>The first is the one that a challenge names.</summary>
    public required IReadOnlyList<TrustedWaf> Wafs { get; init; }

    /// <summary>What a token must be good for, or it registers nobody; null for any.</summary>
    public string? Scope { get; init; } = "ims.register";

    /// <summary>How long the answer about a token may take before the WIC is told 503.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the token of a live registration is looked at again, so that a revoked one ends it; null for never: then its
    /// end is its expiry, or the WAF's notice.
    /// </summary>
    public TimeSpan? Recheck { get; init; }

    internal void Validate()
    {
        if (Wafs.Count == 0) throw new ArgumentException("Name a WAF whose tokens are taken, or leave tokens out.");
        if (Wafs.Select(waf => waf.Issuer).Distinct(StringComparer.Ordinal).Count() < Wafs.Count)
            throw new ArgumentException("Each WAF has an issuer of its own.");
        foreach (var waf in Wafs) waf.Validate();
        if (Patience <= TimeSpan.Zero) throw new ArgumentException("A question about a token needs some time.");
        if (Recheck < TimeSpan.FromSeconds(1))
            throw new ArgumentException("Look at a token again after a second at least, or never.");
    }
}
