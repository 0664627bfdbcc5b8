using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>A user of the TURN server whose password does not expire.</summary>
[Says("A user whose password does not expire.")]
sealed record UserSection
{
    [Says("As in USERNAME.")]
    public required string Name { get; init; }

    [Says("\"@file\", \"env:NAME\", or the password itself."), Form(nameof(Forms.Secret), "@password")]
    public required Secret Password { get; init; }

    public StaticUser ToUser() => new(Name, Password.Value);
}
