using Portunus.Credentials;

namespace Portunus.Server.Configuration;

/// <summary>A key between a WAF and a TURN server by hand.</summary>
[Says("A key between this WAF and a TURN server, by hand; it is not rotated.")]
sealed record WafTurnKeySection
{
    [Says("The TURN server, as its 401 names it."), Form(nameof(Forms.ServerName), "turn.example.net")]
    public required string Server { get; init; }

    [Says("KID:ALG:BASE64, which the server has in its oauthKeys."), Form(nameof(Forms.TokenKey), "@oauth-key")]
    public required TokenKey Key { get; init; }
}
