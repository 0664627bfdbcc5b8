using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>
/// Scenario 3, an identity from the pool of a web server (TS 24.371 §6, TR 33.871 §5.2; obligation 16c): as scenario 2, and the
/// identity must lie in a block that the operator gave to that server, whatever the token says.
/// </summary>
sealed class PoolScenario(EdgeSettings settings, TokenSettings tokens) : WebScenario(settings, tokens)
{
    public override TokenRefusal? Refusal(Instant now, TokenClaims claims, string identity) =>
        base.Refusal(now, claims, identity) is { } refusal ? refusal
        : WafOf(claims) is { } waf && ServerOf(waf, claims) is { Blocks.Count: > 0 } ? null
        : new(403, "This WWSF has no block of identities");

    /// <summary>
    /// Whether the identity is lent to somebody else just now: a lease is of one WIC, who alone has its device. One whose
    /// WebSocket is gone makes room for its successor.
    /// </summary>
    public static bool IsTaken(IReadOnlyList<Registration> registrations, RegistrationKey? key)
    {
        foreach (var registration in registrations)
            if (registration.Flow is not null && registration.Key != key) return true;
        return false;
    }
}
