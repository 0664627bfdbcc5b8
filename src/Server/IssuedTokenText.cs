using System.Buffers.Text;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Server;

/// <summary>An access token as a token response carries it (RFC 7635 appendix B, as JSON), read from a secret flag.</summary>
static class IssuedTokenText
{
    /// <param name="flag">For the sentences.</param>
    /// <param name="value">As given on the command line.</param>
    /// <param name="serverName">Which the response does not hold.</param>
    /// <exception cref="RefusedException">No such file or variable, or no token in it; nothing of it is shown.</exception>
    public static IssuedToken Read(string flag, string value, string serverName)
    {
        var text = SecretText.Read(flag, value, Warnings.Write);
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var token = new IssuedToken(
                root.GetProperty("kid").GetString() ?? "", Decode(root, "key"), Decode(root, "access_token"), serverName,
                root.GetProperty("expires_in").GetUInt32());
            if (token.IsWellFormed) return token;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not passed on: its message may show a part of the text.
        }

        throw new RefusedException($"{flag}: this is no token response; give the JSON that portunus token mint prints.");
    }

    static Bytes Decode(JsonElement root, string name) =>
        root.GetProperty(name).GetString() is { } text && Base64.IsValid(text) ? Bytes.Copy(Convert.FromBase64String(text)) : Bytes.Empty;
}
