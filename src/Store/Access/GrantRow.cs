namespace Portunus.Store.Access;

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
