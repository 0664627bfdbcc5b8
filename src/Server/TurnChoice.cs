using Portunus.Credentials;

namespace Portunus.Server;

/// <summary>A value of <c>--turn</c>: a server, or the word that has servers found (RFC 8155).</summary>
/// <param name="Uri">Null for the word.</param>
/// <param name="Domain">Where they are looked for, beside the domains that are known; null for no other.</param>
sealed record TurnChoice(TurnUri? Uri, string? Domain)
{
    /// <summary><c>auto</c>, or <c>auto:DOMAIN</c>.</summary>
    public const string Auto = "auto";
}
