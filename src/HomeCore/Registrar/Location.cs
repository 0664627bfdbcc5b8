namespace Portunus.HomeCore;

/// <summary>
/// Where the identities of an implicit registration set are: the bindings that all of them share (TS 23.228 §5.2.1a).
/// </summary>
/// <param name="id">Names it to its watchers.</param>
/// <param name="impi">Whose set it is.</param>
/// <param name="identities">As the HSS described the set at the last registration, the default first.</param>
sealed class Location(string id, string impi, IReadOnlyList<string> identities)
{
    public string Id { get; } = id;

    public string Impi { get; } = impi;

    public IReadOnlyList<string> Identities { get; set; } = identities;

    public List<Binding> Bindings { get; } = [];

    public List<Watcher> Watchers { get; } = [];

    public bool Has(string addressOfRecord) => Identities.Any(own => LocationTable.Canonical(own) == addressOfRecord);
}
