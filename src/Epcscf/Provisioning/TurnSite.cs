using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>A TURN server as an edge offers it.</summary>
/// <param name="Name">Of the configuration, each once; for RFC 7635 the name under which its tokens are sealed.</param>
/// <param name="Realm">That it challenges with.</param>
/// <param name="Uris">One for each transport.</param>
public sealed record TurnSite(string Name, string Realm, params IReadOnlyList<TurnUri> Uris)
{
    /// <summary>
    /// Its share of the registrations, beside the others of its realm and region; none with 0, until it is the last.
    /// </summary>
    public int Weight { get; init; } = 1;

    /// <summary>Where it stands; null for anywhere.</summary>
    public string? Region { get; init; }
}
