using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>TURN servers, and what they are asked with.</summary>
/// <param name="Uris">In the order to try them.</param>
/// <param name="Credential">What is sent to each of them.</param>
public sealed record TurnAccess(IReadOnlyList<TurnUri> Uris, TurnClientSettings Credential)
{
    /// <summary>Where tokens for the servers come from; null where <see cref="Credential"/> is all there is.</summary>
    public TurnTokens? Tokens { get; init; }

    /// <summary>Whether <see cref="Credential"/> is, or was made of, what a person may have chosen: who sees it used can try.</summary>
    public bool IsGuessable { get; init; }

    /// <summary>How servers are found beside <see cref="Uris"/>; null for not at all.</summary>
    public DiscoveryPlan? Discovery { get; init; }

    /// <summary>How long each server is waited for; null for as long as RFC 8489 sends.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>What an edge gave: nobody chose it.</summary>
    public static TurnAccess Of(TurnCredential credential) => new(credential.Uris, credential switch
    {
        OAuthCredential oauth => new() { Token = oauth.Token },
        PasswordCredential password => new() { Username = password.Username, Password = password.Credential },
        _ => throw new ArgumentException($"A credential of type {credential.Type} is none that a client sends.", nameof(credential)),
    });

    public TurnAccess At(IReadOnlyList<TurnUri> uris) => uris.Count > 0 ? this with { Uris = uris } : this;

    public TurnAccess In(IPFamily family) => this with { Credential = Credential with { Family = family } };
}
