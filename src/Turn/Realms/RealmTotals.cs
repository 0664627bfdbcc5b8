namespace Portunus.Turn;

/// <summary>What the allocations of one realm came to since the server began.</summary>
/// <param name="Realm">Its name.</param>
/// <param name="Began">Allocations.</param>
/// <param name="Ended">Of them.</param>
/// <param name="Traffic">Of all, those that live included.</param>
public readonly record struct RealmTotals(string Realm, long Began, long Ended, Traffic Traffic);
