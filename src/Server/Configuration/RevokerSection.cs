namespace Portunus.Server.Configuration;

/// <summary>A WAF that may tell of revoked tokens.</summary>
[Says("A WAF that may say that tokens count no more.")]
sealed record RevokerSection
{
    [Says("A dNSName of its certificate."), Form(nameof(Forms.Domain), "waf.ims.example.net")]
    public required string Name { get; init; }

    [Says("The realms whose tokens it may revoke; empty for that of this server."), Form(nameof(Forms.Realm), "ims.example.net")]
    public IReadOnlyList<string> Realms { get; init; } = [];
}
