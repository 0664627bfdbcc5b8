namespace Portunus.Credentials;

/// <summary>
/// A random credential as an edge makes it known to a TURN server (Approach 2): the long-term keys, never the password. What is
/// said of a registration later has a higher <paramref name="Sequence"/> and wins, in whatever order it arrives.
/// </summary>
/// <param name="Realm">Of the TURN server.</param>
/// <param name="Username">Opaque; says nothing of a person.</param>
/// <param name="KeyMd5">RFC 8489 §18.5.1.1; equal to the password within the realm.</param>
/// <param name="KeySha256">RFC 8489 §18.5.1.2; likewise.</param>
/// <param name="Expires">Unix seconds; then it counts no more, and what runs on it ends.</param>
/// <param name="Registration">The opaque id of the registration: who is charged, and what is revoked.</param>
/// <param name="Sequence">Grows with every statement about this username.</param>
/// <param name="Limits">Of its use.</param>
public sealed record PushedCredential(
    string Realm, string Username, LongTermKey KeyMd5, LongTermKey KeySha256, long Expires, string Registration, ulong Sequence,
    CredentialLimits Limits)
{
    /// <summary>Without the keys.</summary>
    public override string ToString() => $"{nameof(PushedCredential)} {Username} of {Registration}, {Sequence}";
}
