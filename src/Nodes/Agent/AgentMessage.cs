using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portunus.Nodes.Transfer;

namespace Portunus.Nodes.Agent;

/// <summary>
/// What passes over the control connection between an eP-CSCF and a media gateway node: ng's messages, with fields for TURN
/// credentials. Each is one line: a cookie, a space, a JSON object, a line feed.
/// </summary>
/// <remarks>Classes and not records: what holds a key must not print itself.</remarks>
static class AgentMessage
{
    /// <summary>Bytes of a line: a whole set of 100,000 credentials without limits is 25 MB.</summary>
    public const int LongestLine = 64 * 1024 * 1024;

    /// <summary>Characters of a cookie.</summary>
    const int LongestCookie = 64;

    /// <summary>As strict as the interface of its own is, but for members that ng knows and this node does not.</summary>
    static readonly JsonSerializerOptions Options = new(TransferJson.Options);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed class Request
    {
        [JsonPropertyName("command")]
        public required string Command { get; init; }

        /// <summary>Of a call; with a credential, its username.</summary>
        [JsonPropertyName("call-id")]
        public string? CallId { get; init; }

        [JsonPropertyName("sdp")]
        public string? Sdp { get; init; }

        [JsonPropertyName("turn-realm")]
        public string? Realm { get; init; }

        /// <summary>For which a statement is meant; a credential without is meant for any, a set needs one.</summary>
        [JsonPropertyName("turn-epoch")]
        public ulong? Epoch { get; init; }

        /// <summary>Of a withdrawal or of a whole set.</summary>
        [JsonPropertyName("turn-sequence")]
        public ulong? Sequence { get; init; }

        [JsonPropertyName("turn-credential")]
        public TransferJson.Credential? Credential { get; init; }

        /// <summary>The whole set of an edge.</summary>
        [JsonPropertyName("turn-credentials")]
        public TransferJson.Named[]? Credentials { get; init; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    public sealed class Answer
    {
        /// <summary><c>ok</c>, <c>pong</c> or <c>error</c>.</summary>
        [JsonPropertyName("result")]
        public required string Result { get; init; }

        [JsonPropertyName("error-reason")]
        public string? Reason { get; init; }

        /// <summary>Of the asking edge; to a whole set the one that it has opened.</summary>
        [JsonPropertyName("turn-epoch")]
        public ulong? Epoch { get; init; }

        /// <summary>What stands against a statement that was refused.</summary>
        [JsonPropertyName("turn-sequence")]
        public ulong? Sequence { get; init; }

        /// <summary>Usernames of a set that were not taken in.</summary>
        [JsonPropertyName("turn-refused")]
        public string[]? Refused { get; init; }
    }

    /// <summary>Why a statement was refused, where the other side acts upon it; other reasons are for people.</summary>
    public static class Reason
    {
        public const string Older = "older";
        public const string WrongEpoch = "wrong epoch";
        public const string Full = "full";
    }

    public static byte[] Write<T>(string cookie, T message) =>
        
    [
        .. Encoding.ASCII.GetBytes(cookie), (byte)' ', .. JsonSerializer.SerializeToUtf8Bytes(message, Options), (byte)'\n',
    ];

    /// <summary>Takes a line, without its line feed, apart; false when it has no cookie.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, out string cookie, out ReadOnlySpan<byte> json)
    {
        cookie = "";
        json = default;
        var space = line.IndexOf((byte)' ');
        if (space is < 1 or > LongestCookie || line[..space].ContainsAnyExceptInRange((byte)'!', (byte)'~')) return false;
        cookie = Encoding.ASCII.GetString(line[..space]);
        json = line[(space + 1)..];
        return true;
    }

    /// <summary>Null when it is not the JSON that it should be.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (JsonException)
        {
            // Its message may repeat what stood there.
            return null;
        }
    }
}
