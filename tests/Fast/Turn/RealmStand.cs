using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A server with the realms of two tenants beside its first, and clients of each. Every realm has an alice, with another
/// password.</summary>
static class RealmStand
{
    public const string First = TurnStand.Realm;
    public const string Tenant = "tenant.example.org";
    public const string Other = "other.example.com";
    public const string TenantOrigin = "https://app.tenant.example.org";
    public const string OtherOrigin = "https://other.example.com:8443";

    public static readonly TokenKey TenantKey = new("tenant-1", TokenAlgorithm.A256Gcm, "tenant-key-of-32-bytes-123456789"u8);

    public static CredentialSources Sources { get; } = new()
    {
        Realm = First,
        Users = [new("alice", "wonderland"), new("bob", "builder")],
        Further =
        [
            new() { Realm = Tenant, Origins = [TenantOrigin], Users = [new("alice", "looking-glass"), new("carol", "singer")] },
            new() { Realm = Other, Origins = [OtherOrigin, "https://www.example.com"], Users = [new("alice", "red queen")] },
        ],
    };

    /// <summary>The first realm and the tenant's both take tokens.</summary>
    public static CredentialSources WithTokens { get; } = Sources with
    {
        TokenKeys = [new(TokenClient.First)],
        ServerName = TokenClient.Server,
        Further = [Sources.Further[0] with { TokenKeys = [new(TenantKey)] }, Sources.Further[1]],
    };

    public static TurnStand New(CredentialSources? sources = null, TurnSettings? settings = null) =>
        new(settings, new CredentialVerifier(sources ?? Sources));

    /// <summary>A client that was challenged with a realm because of its ORIGIN.</summary>
    public static TurnClient Client(
        TurnStand stand, string realm, string password, string address = "203.0.113.77:40000", string name = "alice")
    {
        var client = new TurnClient(stand, address, name, password) { Realm = realm };
        Challenge(client, realm);
        return client;
    }

    /// <summary>Fetches a nonce of the realm.</summary>
    public static void Challenge(TurnClient client, string realm)
    {
        client.Nonce = client.Bare(StunMethod.Allocate, From(OriginOf(realm))).Nonce;
        client.Realm = realm;
    }

    public static string OriginOf(string realm) =>
        realm switch { Tenant => TenantOrigin, Other => OtherOrigin, _ => "https://elsewhere.example.net" };

    public static TurnClient.Fill From(string origin) => From(Encoding.UTF8.GetBytes(origin));

    public static TurnClient.Fill From(byte[] origin) => (ref StunWriter writer) => writer.Add(AttributeType.Origin, origin);

    public static Subject Alice(string? realm) => new(CredentialKind.Static, Bytes.Utf8("alice"), realm);
}
