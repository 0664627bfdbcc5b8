namespace Portunus.Store.Access;

sealed class UserRow
{
    public required string Name { get; init; }

    public required string PasswordHash { get; set; }

    public required string Impi { get; set; }

    /// <summary>A line each, the default one first.</summary>
    public required string Impus { get; set; }
}
