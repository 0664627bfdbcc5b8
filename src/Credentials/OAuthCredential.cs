using System.Buffers.Text;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>An access token of RFC 7635 with the key that it proves: what a native client sends as ACCESS-TOKEN.</summary>
/// <param name="Uris">At least one, UDP first.</param>
/// <param name="Kid">Goes into USERNAME (RFC 7635 §4).</param>
/// <param name="MacKey">A secret.</param>
/// <param name="AccessToken">Sealed for the TURN server.</param>
/// <param name="ServerName">The server that can open it.</param>
/// <param name="Ttl">Seconds from now.</param>
public sealed record OAuthCredential(
    IReadOnlyList<TurnUri> Uris, string Kid, Bytes MacKey, Bytes AccessToken, string ServerName, int Ttl)
    : TurnCredential(Uris, Ttl)
{
    public override string Type => OAuth;

    /// <summary>What of it a TURN client is given.</summary>
    public IssuedToken Token => new(Kid, MacKey, AccessToken, ServerName, (uint)Ttl);

    public override IReadOnlyList<NameValue> Parameters =>
    [
        UrisParameter, new("kid", Kid), new("mac-key", Convert.ToBase64String(MacKey.Span)),
        new("access-token", Convert.ToBase64String(AccessToken.Span)), new("server-name", ServerName), TtlParameter,
    ];

    internal static OAuthCredential? Read(IReadOnlyList<TurnUri> uris, int ttl, ReadOnlySpan<NameValue> parameters) =>
        Find(parameters, "kid") is { Length: > 0 } kid && Find(parameters, "server-name") is { Length: > 0 } server
        && Decode(Find(parameters, "mac-key")) is { } key && Decode(Find(parameters, "access-token")) is { } token
            ? new(uris, kid, key, token, server, ttl)
            : null;

    static Bytes? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text) || !Base64.IsValid(text, out var length) || length == 0) return null;
        return Bytes.Copy(Convert.FromBase64String(text));
    }
}
