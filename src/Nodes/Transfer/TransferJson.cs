using System.Text.Json;
using System.Text.Json.Serialization;
using Portunus.Credentials;

namespace Portunus.Nodes.Transfer;

/// <summary>The bodies of the interface between eP-CSCF and TURN server; docs/openapi.yaml describes them.</summary>
/// <remarks>Classes and not records: what holds a key must not print itself.</remarks>
static class TransferJson
{
    /// <summary>A number above is not read by everybody as it was written (RFC 8259 §6).</summary>
    public const ulong LargestNumber = (1UL << 53) - 1;

    /// <summary>No member twice, none unknown, none missing, and null nowhere.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };

    /// <summary>For what a server answers, which may say more than this edge asks for.</summary>
    public static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web);

    /// <summary>What is said of one credential; the realm and mostly the username stand in the path.</summary>
    public class Credential
    {
        public required string KeyMd5 { get; init; }

        public required string KeySha256 { get; init; }

        public required long Expires { get; init; }

        public required string Registration { get; init; }

        public required ulong Sequence { get; init; }

        public Limits? Limits { get; init; }
    }

    /// <summary>One of a set.</summary>
    public sealed class Named : Credential
    {
        public required string Username { get; init; }
    }

    public sealed class Limits
    {
        public int? MaxAllocations { get; init; }

        public int? MaxKbps { get; init; }

        public int? MaxPps { get; init; }

        public string[]? Peers { get; init; }
    }

    public sealed class Set
    {
        public required ulong Sequence { get; init; }

        public required Named[] Credentials { get; init; }
    }

    public sealed class Revocation
    {
        public required long Expires { get; init; }
    }

    public sealed class Epoch
    {
        [JsonPropertyName("epoch")]
        public required ulong Value { get; init; }
    }

    public sealed class Synchronised
    {
        public required ulong Epoch { get; init; }

        public required string[] Refused { get; init; }
    }

    public static Named Write(PushedCredential credential) => new()
    {
        Username = credential.Username,
        KeyMd5 = Convert.ToHexStringLower(credential.KeyMd5.Span),
        KeySha256 = Convert.ToHexStringLower(credential.KeySha256.Span),
        Expires = credential.Expires,
        Registration = credential.Registration,
        Sequence = credential.Sequence,
        Limits = Write(credential.Limits),
    };

    /// <summary>Where the username stands elsewhere.</summary>
    public static Credential WriteUnnamed(PushedCredential credential) => new()
    {
        KeyMd5 = Convert.ToHexStringLower(credential.KeyMd5.Span),
        KeySha256 = Convert.ToHexStringLower(credential.KeySha256.Span),
        Expires = credential.Expires,
        Registration = credential.Registration,
        Sequence = credential.Sequence,
        Limits = Write(credential.Limits),
    };

    static Limits? Write(CredentialLimits limits) => limits.IsNone
        ? null
        : new()
        {
            MaxAllocations = limits.MaxAllocations,
            MaxKbps = limits.MaxKbps,
            MaxPps = limits.MaxPps,
            Peers = limits.Peers.Count == 0 ? null : [.. limits.Peers],
        };
}
