namespace Portunus.Server.Configuration;

/// <summary>A TURN server that a WAF tells of revoked tokens.</summary>
[Says("A TURN server that is told.")]
sealed record WafRevocationServerSection
{
    [Says("For which tokens are made: its serverName."), Form(nameof(Forms.ServerName), "turn1.ims.example.net")]
    public required string Name { get; init; }

    [Says("The realm that it challenges with; that of this file when left out."), Form(nameof(Forms.Realm), "ims.example.net")]
    public string? Realm { get; init; }

    [Says("Its interface for credentials; the host is one that its certificate names."),
     Form(nameof(Forms.HttpsAddress), "https://turn1.ims.example.net:8446/")]
    public required Uri Credentials { get; init; }
}
