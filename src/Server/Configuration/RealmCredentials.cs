using System.Collections.Immutable;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>What a section says of the credentials of one realm.</summary>
interface IRealmCredentials
{
    IReadOnlyList<SharedSecret> Secrets { get; }

    IReadOnlyList<UserSection> Users { get; }

    IReadOnlyList<OAuthKeySection> OauthKeys { get; }

    string? ServerName { get; }

    bool StrictExpiry { get; }

    IReadOnlyList<LimitsSection> Limits { get; }
}

/// <summary>The credentials of a realm as the TURN server takes them: the same for the first realm and for a further one.</summary>
static class RealmCredentials
{
    public static CredentialSources SourcesOf(IRealmCredentials section, string realm) => new()
    {
        Realm = realm,
        Users = [.. section.Users.Select(user => user.ToUser())],
        Secrets = [.. section.Secrets],
        TokenKeys = [.. section.OauthKeys.Select(key => new TokenKeySource(key.Key, key.Limits))],
        ServerName = section.ServerName,
        StrictExpiry = section.StrictExpiry,
        Profiles = section.Limits.ToImmutableDictionary(limits => limits.Name, limits => limits.ToLimits()),
    };
}
