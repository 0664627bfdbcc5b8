namespace Portunus.Server.Configuration;

/// <summary>An edge that may write credentials.</summary>
[Says("An edge that may write credentials.")]
sealed record WriterSection
{
    [Says("A dNSName of its certificate."), Form(nameof(Forms.Domain), "epcscf.ims.example.net")]
    public required string Name { get; init; }

    [Says("The realms that it may write; empty for that of this server."), Form(nameof(Forms.Realm), "ims.example.net")]
    public IReadOnlyList<string> Realms { get; init; } = [];
}
