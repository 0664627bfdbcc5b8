using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>TURN servers, and what they are asked with.</summary>
/// <param name="Uris">In the order to try them.</param>
/// <param name="Credential">What is sent to each of them.</param>
public sealed record TurnAccess(IReadOnlyList<TurnUri> Uris, TurnClientSettings Credential)
{
    /// <summary>What an edge gave; null for a kind that this client cannot send.</summary>
    public static TurnAccess? Of(TurnCredential credential) => credential switch
    {
        PasswordCredential(var uris, var username, var password, _, _) =>
            new(uris, new() { Username = username, Password = password }),
        _ => null,
    };

    public TurnAccess At(IReadOnlyList<TurnUri> uris) => uris.Count > 0 ? this with { Uris = uris } : this;

    public TurnAccess In(IPFamily family) => this with { Credential = Credential with { Family = family } };
}
