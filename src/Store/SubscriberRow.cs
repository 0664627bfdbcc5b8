namespace Portunus.Store;

sealed class SubscriberRow
{
    public required string Impi { get; init; }

    public List<IdentityRow> Identities { get; init; } = [];

    public List<HashRow> Hashes { get; init; } = [];

    public static SubscriberRow From(SubscriberRecord subscriber)
    {
        var row = new SubscriberRow { Impi = subscriber.Impi };
        foreach (var impu in subscriber.Impus)
            row.Identities.Add(new() { Impu = impu, Impi = subscriber.Impi, Place = row.Identities.Count });
        if (subscriber.HashMd5 is { } md5) row.Hashes.Add(new() { Impi = subscriber.Impi, Algorithm = HashRow.Md5, Value = md5 });
        if (subscriber.HashSha256 is { } sha256)
            row.Hashes.Add(new() { Impi = subscriber.Impi, Algorithm = HashRow.Sha256, Value = sha256 });
        return row;
    }

    public SubscriberRecord ToRecord()
    {
        var impus = Identities.OrderBy(identity => identity.Place).Select(identity => identity.Impu);
        return new(Impi, [.. impus], Hash(HashRow.Md5), Hash(HashRow.Sha256));
    }

    byte[]? Hash(string algorithm) => Hashes.Find(hash => hash.Algorithm == algorithm)?.Value;
}

sealed class IdentityRow
{
    public required string Impu { get; init; }

    public required string Impi { get; init; }

    /// <summary>0 is the default identity of the subscriber.</summary>
    public required int Place { get; init; }
}

sealed class HashRow
{
    // The names of the registry of RFC 7616 §6.1, as they stand in a challenge.
    public const string Md5 = "MD5";
    public const string Sha256 = "SHA-256";

    public required string Impi { get; init; }

    public required string Algorithm { get; init; }

    public required byte[] Value { get; init; }
}
