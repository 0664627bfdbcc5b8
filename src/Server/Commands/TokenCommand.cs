using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Server.Commands;

/// <summary><c>portunus token mint</c>: an access token for any TURN server of RFC 7635 that holds the same key.</summary>
static class TokenCommand
{
    static readonly Option<string> Key = Flag.One(
        "--key", "@FILE|env:NAME|KID:ALG:BASE64",
        "The key shared with the TURN server, of A256GCM or A128GCM, best read from a file or the environment.", Flag.Text);

    static readonly Option<string> ServerName = Flag.One(
        "--server-name", "NAME", "The TURN server's, as its 401 names it; no other can open the token.",
        TurnFlags.ReadServerName);

    static readonly Option<uint> Lifetime = Flag.One(
        "--lifetime", "SECONDS", "How long the token is good for, at most a day.", ReadLifetime, () => 1800u);

    // Base64 has '+', which the default encoder would write as an escape for HTML's sake.
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var mint = new Command("mint", """Print {"access_token","token_type","expires_in","kid","key","alg"}.""")
        {
            Key, ServerName, Lifetime,
        };
        mint.SetAction(Mint);
        return new("token", "Make access tokens for TURN (RFC 7635).") { mint };
    }

    static int Mint(ParseResult line)
    {
        var key = TokenKeyText.Read("--key", line.GetRequiredValue(Key));
        using var issuer = new TokenIssuer(key, line.GetRequiredValue(ServerName), new SystemRandom());
        var token = issuer.Issue(SystemClock.Now, issuer.DrawId(), line.GetValue(Lifetime));
        // The names of RFC 7635 appendix B; its example is not JSON, this is.
        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                access_token = Convert.ToBase64String(token.AccessToken.Span),
                token_type = "pop",
                expires_in = token.Lifetime,
                kid = token.Kid,
                key = Convert.ToBase64String(token.MacKey.Span),
                alg = token.Algorithm,
            }, Json));
        return CommandLine.Success;
    }

    static uint ReadLifetime(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= AccessToken.LongestLifetime
            ? seconds
            : throw new FormatException($"'{text}' is not a lifetime; write seconds from 1 to {AccessToken.LongestLifetime}.");
}
