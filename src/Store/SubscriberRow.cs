namespace Portunus.Store;

sealed class SubscriberRow
{
    public required string Impi { get; init; }

    public List<IdentityRow> Identities { get; init; } = [];

    public List<HashRow> Hashes { get; init; } = [];

    public List<WebFunctionRow> WebFunctions { get; init; } = [];

    /// <summary>Whether <see cref="WebFunctions"/> is a list; an empty one allows nobody.</summary>
    public bool LimitsWebFunctions { get; init; }

    public static SubscriberRow From(SubscriberRecord subscriber)
    {
        var row = new SubscriberRow { Impi = subscriber.Impi, LimitsWebFunctions = subscriber.AllowedWebFunctions is not null };
        foreach (var (set, impus) in subscriber.MoreSets.Prepend(subscriber.Impus).Index())
        {
            foreach (var impu in impus)
                row.Identities.Add(new() { Impu = impu, Impi = subscriber.Impi, Place = row.Identities.Count, Set = set });
        }

        foreach (var name in subscriber.AllowedWebFunctions ?? [])
            row.WebFunctions.Add(new() { Impi = subscriber.Impi, Name = name });
        if (subscriber.HashMd5 is { } md5) row.Hashes.Add(new() { Impi = subscriber.Impi, Algorithm = HashRow.Md5, Value = md5 });
        if (subscriber.HashSha256 is { } sha256)
            row.Hashes.Add(new() { Impi = subscriber.Impi, Algorithm = HashRow.Sha256, Value = sha256 });
        return row;
    }

    public SubscriberRecord ToRecord()
    {
        var sets = Identities.OrderBy(identity => identity.Place).GroupBy(identity => identity.Set)
            .Select(IReadOnlyList<string> (set) => [.. set.Select(identity => identity.Impu)]).ToArray();
        return new(Impi, sets[0], Hash(HashRow.Md5), Hash(HashRow.Sha256))
        {
            MoreSets = sets[1..],
            AllowedWebFunctions = LimitsWebFunctions ? [.. WebFunctions.Select(function => function.Name).Order()] : null,
        };
    }

    byte[]? Hash(string algorithm) => Hashes.Find(hash => hash.Algorithm == algorithm)?.Value;
}

sealed class IdentityRow
{
    public required string Impu { get; init; }

    public required string Impi { get; init; }

    /// <summary>0 is the default identity of the subscriber.</summary>
    public required int Place { get; init; }

    /// <summary>Which implicit registration set; 0 is the first.</summary>
    public required int Set { get; init; }
}

sealed class WebFunctionRow
{
    public required string Impi { get; init; }

    /// <summary>The name of a WAF or of a WWSF.</summary>
    public required string Name { get; init; }
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
