namespace Portunus.Store.Access;

sealed class PoolIdentityRow
{
    public required string Impu { get; init; }

    public required string Pool { get; set; }

    public long LastUsed { get; set; }
}
