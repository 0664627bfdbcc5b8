namespace Portunus.Store.Access;

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
