using System.Diagnostics.CodeAnalysis;

namespace Portunus.Sip;

/// <summary>
/// A Bearer challenge of WWW-Authenticate (RFC 8898 §4): where a token is to be had, and what was wrong with the last.
/// </summary>
/// <param name="parameters">All auth-params, those that are not known here too.</param>
public sealed class BearerChallenge(Parameters parameters) : IHeaderValue
{
    /// <summary>The token is malformed, expired, revoked, or of somebody who is not known (RFC 6750 §3.1).</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The token is good, but not for this (RFC 8898 §4).</summary>
    public const string InvalidScope = "invalid_scope";

    /// <param name="realm">The domain that is protected.</param>
    /// <param name="authorizationServer">An https URI; a client compares it with those it trusts.</param>
    /// <param name="error">One of the two words; null where none is known.</param>
    /// <param name="scope">What a token must be good for; null for nothing in particular.</param>
    public BearerChallenge(string realm, string authorizationServer, string? error = null, string? scope = null)
        : this(
        [
            new("realm", realm, Quoted: true),
            .. scope is null ? Array.Empty<Parameter>() : [new("scope", scope, Quoted: true)],
            new("authz_server", authorizationServer, Quoted: true),
            .. error is null ? Array.Empty<Parameter>() : [new("error", error, Quoted: true)],
        ])
    {
    }

    public Parameters Parameters { get; } = parameters;

    public string Realm => Parameters["realm"] ?? "";

    /// <summary>Null when the challenge names none.</summary>
    public string? AuthorizationServer => Parameters["authz_server"];

    public string? Error => Parameters["error"];

    public string? Scope => Parameters["scope"];

    /// <summary>Reads one challenge; false when it is of another scheme or malformed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out BearerChallenge? challenge)
    {
        challenge = AuthScheme.TryRead(text, AuthScheme.Bearer, out var all) ? new(all) : null;
        return challenge is not null;
    }

    /// <summary>The first of a 401 that can be read; null when it has none.</summary>
    public static BearerChallenge? Of(SipMessage response)
    {
        foreach (var header in response.Headers)
            if (header.Name == HeaderName.WwwAuthenticate && TryParse(header.Value, out var challenge)) return challenge;
        return null;
    }

    public string ToHeaderText() => AuthScheme.Write(AuthScheme.Bearer, Parameters);

    public override string ToString() => ToHeaderText();
}
