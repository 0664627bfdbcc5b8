using Portunus.Nodes.Outside;

namespace Portunus.Nodes.Web;

/// <summary>How <c>/turn/credentials</c> is served; immutable.</summary>
public sealed record CredentialsSettings
{
    /// <summary>Of the home domain: what a challenge names.</summary>
    public required string Realm { get; init; }

    /// <summary>Tells whose a token is.</summary>
    public required ITokenVerifier Tokens { get; init; }

    /// <summary>Pages that may ask, as scheme, host and port; who sends no Origin is no page.</summary>
    public IReadOnlySet<string> Origins { get; init; } = new HashSet<string>();

    /// <summary>Whether GET is served, too, in the shape of draft-uberti-behave-turn-rest.</summary>
    public bool TakesGet { get; init; }

    /// <summary>How long the answer about a token may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
