using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>A wish for a TURN credential by a user who is authenticated.</summary>
/// <param name="Request">What the WIC asked for.</param>
/// <param name="Opaque">16 hexadecimal digits: random per registration, constant over its refreshes.</param>
/// <param name="Ends">When the registration ends if it is not refreshed.</param>
/// <param name="Scenario">How the user was authenticated.</param>
public sealed record CredentialWish(TurnCredentialRequest Request, string Opaque, Instant Ends, Scenario Scenario)
{
    /// <summary>In seconds. A page refreshes at half of it; a leaked credential is worth an hour at most.</summary>
    const int LongestTtl = 3600;

    /// <summary>In seconds: how far a credential outlives its registration, so that a refresh on the way cuts no call.</summary>
    const int Overhang = 60;

    /// <summary>What was asked for this wish before, and what was said; null when nothing was.</summary>
    public (EdgeQuestion.Tell Question, EdgeAnswer Answer)? Heard { get; init; }

    /// <summary>What this registration was given last for the same request; null when nothing.</summary>
    public GivenCredential? Last { get; init; }

    /// <summary>What TURN servers were told of for this registration last, if none of them acknowledged it in time.</summary>
    public PushedCredential? Told { get; init; }

    /// <summary>After this it must not live; null where only the registration counts.</summary>
    public Instant? Latest { get; init; }

    /// <summary>Seconds that a credential lives which is made now: it ends with the registration, or a minute after it.</summary>
    public int Ttl(Instant now)
    {
        var seconds = (Ends - now).TotalSeconds + Overhang;
        if (Latest is { } latest) seconds = Math.Min(seconds, (latest - now).TotalSeconds);
        return (int)Math.Clamp(seconds, 1, LongestTtl);
    }
}
