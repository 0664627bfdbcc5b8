using Portunus.Credentials;

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

    [Says("The TURN servers that clients are told."), Form(nameof(Forms.TurnUri), "turn:turn.example.net:3478?transport=udp")]
    public required IReadOnlyList<TurnUri> TurnServers { get; init; }
}
