namespace Portunus.Store.Access;

sealed class UserRow
{
    public required string Name { get; init; }

    public required string PasswordHash { get; set; }

    public required string Impi { get; set; }

    /// <summary>A line each, the default one first.</summary>
    public required string Impus { get; set; }
}

sealed class KeyRow
{
    public required string Id { get; init; }

    public required string Purpose { get; init; }

    public required int Generation { get; init; }

    public required byte[] Value { get; init; }

    public required long UsedFrom { get; init; }

    public required long UsedUntil { get; init; }

    public required long KeptUntil { get; init; }
}

sealed class GrantRow
{
    public required string Id { get; init; }

    public required string TokenId { get; init; }

    public required string Impi { get; init; }

    public required string Impu { get; init; }

    public required string Client { get; init; }

    public required string Server { get; init; }

    public required long Ends { get; set; }
}

sealed class PoolIdentityRow
{
    public required string Impu { get; init; }

    public required string Pool { get; set; }

    public long LastUsed { get; set; }
}

sealed class LeaseRow
{
    public required string Impu { get; init; }

    public required string Pool { get; init; }

    public required string Holder { get; init; }

    public required string Id { get; set; }

    /// <summary>Until then the holder may use it.</summary>
    public required long Until { get; set; }

    /// <summary>From then on another may have it.</summary>
    public required long FreeAt { get; set; }
}
