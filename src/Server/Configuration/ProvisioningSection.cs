using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Server.Configuration;

/// <summary>How the edge provides TURN credentials.</summary>
[Says("How the edge provides TURN credentials.")]
sealed record ProvisioningSection
{
    [Says("shared-secret: a time-limited credential that TURN servers with the same secret derive again (Approach 1)."),
     OneOf("shared-secret")]
    public required string Approach { get; init; }

    [Says("The secret to mint with: [sha1:|sha256:|sha384:|sha512:]SECRET."), Form(nameof(Forms.SharedSecret), "@turn-secret")]
    public required SharedSecret Secret { get; init; }

    [Says("The secret that follows.")]
    public NextSecretSection? NextSecret { get; init; }

    [Says("The TURN servers that clients are told of.")]
    public required IReadOnlyList<TurnServerSection> TurnServers { get; init; }

    [Says("Where this edge stands: TURN servers there are offered, others only where there is none.")]
    public string? Region { get; init; }

    /// <summary>One for each shard.</summary>
    /// <exception cref="ArgumentException">The servers cannot be offered so.</exception>
    public IProvisioning ToProvisioning(string realm)
    {
        List<DatedSecret> secrets = [new(Secret)];
        if (NextSecret is { } next) secrets.Add(new(next.Secret, next.From.ToUnixTimeSeconds()));
        return new SharedSecretProvisioning(secrets, new([.. TurnServers.Select(server => server.ToSite(realm))], Region));
    }
}
