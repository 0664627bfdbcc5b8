using Portunus.Credentials;

namespace Portunus.Server.Configuration;

/// <summary>The secret that follows: TURN servers must take it before its time.</summary>
[Says("The secret that follows, and when; TURN servers must take it before, beside the old one.")]
sealed record NextSecretSection
{
    [Says("[sha1:|sha256:|sha384:|sha512:]SECRET."), Form(nameof(Forms.SharedSecret), "@next-secret")]
    public required SharedSecret Secret { get; init; }

    [Says("When the edge begins to mint with it, in UTC."), Form(nameof(Forms.Time), "2030-01-31T04:00:00Z")]
    public required DateTimeOffset From { get; init; }
}
