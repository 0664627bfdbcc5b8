using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What an access token says of its owner once it was found good (the names are those of the JWT).</summary>
public sealed record TokenClaims
{
    /// <summary><c>sub</c>: the private identity (IMPI).</summary>
    public required string PrivateIdentity { get; init; }

    /// <summary><c>ims_impu</c>: the public identities (IMPU), as URIs.</summary>
    public required IReadOnlyList<string> Identities { get; init; }

    /// <summary><c>iss</c>: the WAF.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>wwsf</c>: the web server function for which the token was made; null when none stands there.</summary>
    public string? WebServer { get; init; }

    /// <summary><c>scenario</c>: <see cref="Scenario.Web"/> or <see cref="Scenario.Pool"/>.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary><c>exp</c>, Unix seconds.</summary>
    public required long Expires { get; init; }

    /// <summary><c>jti</c>: names the token; what is revoked.</summary>
    public required string Id { get; init; }

    /// <summary><c>scope</c>, split at its spaces.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether an identity is one of its owner's.</summary>
    /// <param name="addressOfRecord">As <see cref="SipUri.AddressOfRecord"/> gives it.</param>
    public bool Names(string addressOfRecord)
    {
        foreach (var identity in Identities)
            if (SipUri.TryParse(identity, out var uri) && uri.AddressOfRecord == addressOfRecord) return true;
        return false;
    }

    /// <summary>
    /// Whether two tokens are of one user, signed in the same way: a private identity is what its WAF says, and the core allowed
    /// that WAF and no other.
    /// </summary>
    public bool IsOfUser(TokenClaims other) =>
        PrivateIdentity == other.PrivateIdentity && Issuer == other.Issuer && Scenario == other.Scenario;

    /// <summary>How long it counts yet, by the wall clock; not above zero when it is over.</summary>
    public TimeSpan Left(Instant now) =>
        TimeSpan.FromSeconds(Math.Min(Expires, uint.MaxValue * 16L)) - TimeSpan.FromTicks(now.WallTicks);
}
