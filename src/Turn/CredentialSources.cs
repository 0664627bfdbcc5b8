using System.Collections.Immutable;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>Everything by which a server may know its clients; what <see cref="CredentialVerifier"/> is made of.</summary>
public sealed record CredentialSources
{
    /// <summary>The server's, as in <see cref="TurnSettings.Realm"/>, or a further one's.</summary>
    public required string Realm { get; init; }

    /// <summary>Of a further realm alone: whose clients are challenged with it.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Of a further realm alone: its allocations at a time; null for no limit but those of the server.</summary>
    public int? TotalQuota { get; init; }

    /// <summary>The further realms of the server, at most <see cref="MostFurther"/>; each has credentials of its own.</summary>
    public ImmutableArray<CredentialSources> Further { get; init; } = [];

    /// <summary>Every one is a label in metrics, and a table of credentials.</summary>
    public const int MostFurther = 256;

    public ImmutableArray<StaticUser> Users { get; init; } = [];

    /// <summary>At most <see cref="SharedSecret.MostTried"/>, in the order in which they are tried.</summary>
    public ImmutableArray<SharedSecret> Secrets { get; init; } = [];

    /// <summary>Under which access tokens open; none: ACCESS-TOKEN is unknown (RFC 7635 §7).</summary>
    public ImmutableArray<TokenKeySource> TokenKeys { get; init; } = [];

    /// <summary>For which tokens are made; null for the realm.</summary>
    public string? ServerName { get; init; }

    /// <summary>Limits by name, of letters and digits: for <c>expiry:opaque.profile</c>, and for the keys of tokens.</summary>
    public ImmutableDictionary<string, CredentialLimits> Profiles { get; init; } =
        ImmutableDictionary<string, CredentialLimits>.Empty;

    /// <summary>Whether the expiry of a time-limited credential ends what runs on it, too; tokens and pushed ones always
    /// do.</summary>
    public bool StrictExpiry { get; init; }

    /// <summary>Credentials made known by edges; null where none can be.</summary>
    public IPushedCredentials? Pushed { get; init; }

    /// <summary>Whether edges are asked for names that nobody made known; what they tell stands in <see cref="Pushed"/>
    /// then.</summary>
    public bool AsksEdges { get; init; }
}

/// <summary>One key of an authorization server.</summary>
/// <param name="Key">Shared with it.</param>
/// <param name="Profile">The limits of every token under it; null for none.</param>
public sealed record TokenKeySource(TokenKey Key, string? Profile = null);
