using Portunus.Credentials;

namespace Portunus.Server.Configuration;

/// <summary>A key of an authorization server.</summary>
[Says("A key of an authorization server.")]
sealed record OAuthKeySection
{
    [Says("KID:ALG:BASE64, of A256GCM or A128GCM."), Form(nameof(Forms.TokenKey), "@oauth-key")]
    public required TokenKey Key { get; init; }

    [Says("The name of limits that every token under it has; none when left out.")]
    public string? Limits { get; init; }
}
