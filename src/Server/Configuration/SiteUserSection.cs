namespace Portunus.Server.Configuration;

/// <summary>A user of a WWSF with a pool, who has no identity in the IMS.</summary>
[Says("A user of the site, who has no identity in the IMS.")]
sealed record SiteUserSection
{
    [Says("What the user signs in as."), Form(nameof(Forms.UserName), "carol")]
    public required string Name { get; init; }

    [Says("As portunus user hash prints it; never the password."), Form(nameof(Forms.PasswordHash), "AQAAAA...")]
    public required string PasswordHash { get; init; }

    /// <summary>Without the hash.</summary>
    public override string ToString() => Name;
}
