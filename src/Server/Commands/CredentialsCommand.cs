using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Server.Commands;

/// <summary><c>portunus credentials mint</c>: a time-limited credential for any TURN server that holds the same secret.</summary>
static class CredentialsCommand
{
    static readonly Option<string> Secret = Flag.One(
        "--secret", "@FILE|env:NAME|[HASH:]SECRET",
        "The secret shared with the TURN server, best read from a file or the environment.", Flag.Text);

    static readonly Option<string> User = Flag.One(
        "--user", "NAME",
        "What follows the expiry in the username; it is sent in clear, so let it say nothing of a person.", ReadUser);

    static readonly Option<int> Ttl = Flag.One(
        "--ttl", "SECONDS", "How long the credential is good for.", ReadTtl, () => 3600);

    static readonly Option<SecretHash?> Hash = Flag.One<SecretHash?>(
        "--hash", "sha1|sha256|sha384|sha512",
        "The hash of the HMAC: sha1 is what every TURN server takes, and the default.", ReadHash, () => null);

    // Base64 has '+', which the default encoder would write as an escape for HTML's sake.
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var mint = new Command("mint", """Print {"username","credential","ttl"}.""") { Secret, User, Ttl, Hash };
        mint.SetAction(Mint);
        return new("credentials", "Make TURN credentials.") { mint };
    }

    static int Mint(ParseResult line)
    {
        var text = SecretText.Read("--secret", line.GetRequiredValue(Secret), Warnings.Write);
        var secret = Secrets.Read(text, line.GetValue(Hash));
        var ttl = line.GetValue(Ttl);
        var expiry = SystemClock.Now.UnixSeconds + ttl;
        var credential = TimeLimitedCredential.MintFor(secret, expiry, line.GetRequiredValue(User));
        Console.WriteLine(JsonSerializer.Serialize(
            new { username = credential.Username, credential = credential.Password, ttl }, Json));
        return CommandLine.Success;
    }

    static string ReadUser(string text) => text switch
    {
        "" => throw new FormatException("the name is empty; write a few letters or digits."),
        // RFC 8489 §14.3: fewer than 509 bytes; eleven digits and a colon go before it.
        _ when Encoding.UTF8.GetByteCount(text) > 496 => throw new FormatException("the name is too long; write at most 496 bytes."),
        _ when text.Any(char.IsControl) =>
            throw new FormatException("the name holds a control character; write letters and digits."),
        _ => text,
    };

    static int ReadTtl(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? seconds
            : throw new FormatException($"'{text}' is not a number of seconds; write one from 1 on, like 3600.");

    static SecretHash? ReadHash(string text) => text switch
    {
        "sha1" => SecretHash.Sha1,
        "sha256" => SecretHash.Sha256,
        "sha384" => SecretHash.Sha384,
        "sha512" => SecretHash.Sha512,
        _ => throw new FormatException($"'{text}' is not a hash; write sha1, sha256, sha384 or sha512."),
    };
}
