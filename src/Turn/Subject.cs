using System.Collections.Immutable;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Which kind of credential proved who a client is.</summary>
public enum CredentialKind : byte
{
    /// <summary>A name and password that the operator wrote down.</summary>
    Static,

    /// <summary>An expiry and an opaque part, its password computed from a shared secret.</summary>
    TimeLimited,

    /// <summary>A random name whose keys an edge made known; charged by its registration.</summary>
    Pushed,

    /// <summary>An access token of RFC 7635; charged by its id in hex, since a kid is shared by all users of a key.</summary>
    Token,
}

/// <summary>Who is charged for an allocation: a credential's name without the part that changes when it is renewed.</summary>
/// <param name="Kind">Of the credential.</param>
/// <param name="Name">As its kind says.</param>
/// <param name="Realm">Which knows it; null in the server's first realm, <see cref="TurnSettings.Realm"/>. One name in two realms is two
/// subjects.</param>
public readonly record struct Subject(CredentialKind Kind, Bytes Name, string? Realm = null)
{
    /// <summary>All that may have been made for one registration or grant: whoever hands out credentials knows its id, and need
    /// not know what kinds of them were used.</summary>
    /// <param name="id">The opaque part of a time-limited name, the registration of a pushed one, or a token's id in hex.</param>
    /// <param name="realm">As <see cref="Realm"/>.</param>
    public static ImmutableArray<Subject> OfId(string id, string? realm = null) =>
    [
        new(CredentialKind.TimeLimited, Bytes.Utf8(id), realm), new(CredentialKind.Pushed, Bytes.Utf8(id), realm),
        new(CredentialKind.Token, Bytes.Utf8(id), realm),
    ];

    /// <summary>The tokens of one grant and nothing else: all that may be said by who makes tokens alone.</summary>
    /// <param name="id">A token's id in hex.</param>
    /// <param name="realm">As <see cref="Realm"/>.</param>
    public static ImmutableArray<Subject> OfToken(string id, string? realm = null) =>
        [new(CredentialKind.Token, Bytes.Utf8(id), realm)];

    /// <summary>For a line of a log: whoever mints credentials may let users choose names, and a name must not end the line or
    /// speak to a terminal.</summary>
    public override string ToString() =>
        $"{Kind} {string.Concat(Name.ToString().Select(c => char.IsControl(c) ? '\uFFFD' : c))}{(Realm is null ? "" : $" of {Realm}")}";
}
