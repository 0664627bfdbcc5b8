namespace Portunus.Store.Access;

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
