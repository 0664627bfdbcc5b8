using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Redis;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Sip;
using Portunus.Turn;
using Portunus.Waf.Authorize;

namespace Portunus.Server.Configuration;

/// <summary>How texts of the configuration are read; a refusal is a sentence that says what to write instead.</summary>
/// <param name="folder">Of the configuration file: what relative names of files begin at.</param>
/// <param name="warn">Takes what the operator should know although it goes on.</param>
sealed class Forms(string folder, Action<string> warn)
{
    public TurnListener TurnListener(string path, string text) => TurnFlags.ReadListener(text);

    public RelayAddress RelayAddress(string path, string text) => TurnFlags.ReadRelayAddress(text);

    public PortRange Ports(string path, string text) => TurnFlags.ReadPorts(text);

    public AddressRange Range(string path, string text) =>
        AddressRange.TryParse(text, out var range) || AddressRange.TryParse($"{text}/{(text.Contains(':') ? 128 : 32)}", out range)
            ? range
            : throw new FormatException($"'{text}' is not a range of addresses; write one like 10.0.0.0/8 or 192.0.2.1.");

    public string RangeText(string path, string text) => Range(path, text).ToString();

    public string Realm(string path, string text) => TurnFlags.ReadRealm(text);

    public string ServerName(string path, string text) => TurnFlags.ReadServerName(text);

    public string Domain(string path, string text) =>
        text.Length <= 127 && text.All(char.IsAscii) && Uri.CheckHostName(text) == UriHostNameType.Dns && !text.EndsWith('.')
            ? text.ToLowerInvariant()
            : throw new FormatException($"'{text}' is not a domain; write one like ims.example.net.");

    public IPEndPoint EndPoint(string path, string text) =>
        TransportAddress.TryParse(text, out var address)
            ? address.ToIPEndPoint()
            : throw new FormatException($"'{text}' is not an address and a port; write one like 192.0.2.1:443 or [::]:443.");

    public HostPort Host(string path, string text) =>
        HostPort.TryParse(Encoding.UTF8.GetBytes(text), out var host)
            ? host
            : throw new FormatException($"'{text}' is not a host; write one like epcscf.ims.example.net or 192.0.2.1:5060.");

    public DateTimeOffset Time(string path, string text) =>
        DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw new FormatException($"'{text}' is not a time; write one in UTC like 2030-01-31T04:00:00Z.");

    public TurnUri TurnUri(string path, string text) =>
        Credentials.TurnUri.TryParse(text, out var uri)
            ? uri
            : throw new FormatException($"'{text}' is not a TURN URI; write one like turn:turn.example.net:3478?transport=udp.");

    public Uri CredentialInterface(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "https" or TransferTarget.AgentScheme, AbsolutePath: "/", Query: "", Port: > 0 }
            ? uri
            : throw new FormatException(
                $"'{text}' is no https or ngs URI of a host alone; write one like https://turn1.example.net:8446/.");

    /// <summary>What is told there is as good as passwords, and coturn's Redis often has no TLS: then it is reached by loopback alone, be
    /// it through a tunnel.</summary>
    public Uri RedisAddress(string path, string text)
    {
        var isUri = Uri.TryCreate(text, UriKind.Absolute, out var uri);
        if (isUri && uri!.UserInfo.Length > 0)
            throw new FormatException("no password stands in it; write \"password\": \"@file\" beside it.");
        if (!isUri || uri is not
            { Scheme: RedisAccess.Scheme or RedisAccess.TlsScheme, AbsolutePath: "/", Query: "", Fragment: "", Port: > 0 })
            throw new FormatException(
                $"'{text}' is no redis or rediss URI of a host and a port alone; write one like rediss://redis1.example.net:6380/.");
        return uri.Scheme == RedisAccess.TlsScheme || uri.IsLoopback
            ? uri
            : throw new FormatException(
                $"'{text}' would carry what is as good as passwords in the clear; write rediss://, or redis://127.0.0.1:6379/.");
    }

    public Uri HttpsAddress(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "https", AbsolutePath: "/", Query: "" }
            ? uri
            : throw new FormatException($"'{text}' is no https URI of a host alone; write one like https://epcscf.example.net:8447/.");

    /// <summary>An issuer: https, or http on this machine; a host alone.</summary>
    public Uri Issuer(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsSafe(uri)
            && uri is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : throw new FormatException($"'{text}' is no https URI of a host alone; write one like https://waf.ims.example.net/.");

    public string IssuerText(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0
            ? text
            : throw new FormatException(
                $"'{text}' is no https URI; write the issuer as its tokens do, like https://waf.ims.example.net/.");

    public Uri HttpUri(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsSafe(uri) && uri.Fragment.Length == 0
            ? uri
            : throw new FormatException($"'{text}' is no https URI; write one like https://waf.ims.example.net/.well-known/jwks.");

    public Uri KeysUri(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "https", Query: "", Fragment: "" }
            ? uri
            : throw new FormatException(
                $"'{text}' is no https URI without a query; write one like https://waf.ims.example.net:8444/.well-known/stun-key.");

    /// <summary>Compared to the character, so no other spelling is made of it.</summary>
    public Uri Redirect(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && (uri.Scheme != "http" || uri.IsLoopback)
            ? uri
            : throw new FormatException($"'{text}' is no redirect URI; write one in full, like https://phone.example.net/back.");

    public string Identity(string path, string text) =>
        SipUri.TryParse(text, out var uri) && uri.User is not null
            ? text
            : throw new FormatException($"'{text}' is no public identity; write one like sip:alice@ims.example.net.");

    public string PrivateIdentity(string path, string text) =>
        text.Length <= 255 && text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && text.All(c => c is > ' ' and < '\u007F')
            ? text
            : throw new FormatException($"'{text}' is no private identity; write one like pool@ims.example.net.");

    public IdentityBlock Block(string path, string text) => IdentityBlock.Parse(text);

    public Authorities Authorities(string path, string text) => Configuration.Authorities.Read(File(path, text));

    public JsonWebKeySet KeySet(string path, string text)
    {
        try
        {
            return new(System.IO.File.ReadAllText(File(path, text)));
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{text} cannot be read as a JWK set; write {{\"keys\": [...]}} into it.", e);
        }
    }

    public string PasswordHash(string path, string text) =>
        Passwords.IsHash(text)
            ? text
            : throw new FormatException("this is no hash of a password; write what portunus user hash prints.");

    static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    /// <summary>As browsers send it (RFC 6454 §6.2): scheme, host, and the port unless the scheme has it anyway.</summary>
    public string Origin(string path, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri!.GetLeftPart(UriPartial.Authority) == text
            ? text
            : throw new FormatException(
                $"'{text}' is not an origin; write scheme and host as browsers do, like https://phone.example.net.");

    public string HeaderName(string path, string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text
            : throw new FormatException($"'{text}' is not the name of a header; write letters, digits and '-'.");

    public string UserName(string path, string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+')
            ? text
            : throw new FormatException($"'{text}' is not a name; write letters, digits and . _ - + only.");

    /// <summary>Behind an edge's opaque part of 16 characters and a dot.</summary>
    public string MintedProfile(string path, string text) =>
        TimeLimitedCredential.IsProfile(text, opaqueLength: 16)
            ? text
            : throw new FormatException($"'{text}' cannot stand in a username; write 1 to 15 digits and small letters.");

    public string File(string path, string text)
    {
        var full = Full(text);
        return System.IO.File.Exists(full) ? full : throw new FormatException($"there is no file {full}.");
    }

    /// <summary>A file that is written, in a folder that is there.</summary>
    public string NewFile(string path, string text)
    {
        var full = Full(text);
        if (Directory.Exists(full)) throw new FormatException($"{full} is a folder; name a file.");
        return Directory.Exists(Path.GetDirectoryName(full))
            ? full
            : throw new FormatException($"there is no folder {Path.GetDirectoryName(full)}; make it first.");
    }

    public TransportAddress Alternate(string path, string text) =>
        TransportAddress.TryParse(text, out var address) && address.Port != 0
            ? address
            : throw new FormatException($"'{text}' is not an IP address and a port; write one like 192.0.2.7:3478 or [2001:db8::7]:3478.");

    string Full(string text) => text.Length > 0 && !text.Contains('\0')
        ? Path.GetFullPath(text, folder)
        : throw new FormatException("it names nothing; write a path like data or /var/lib/portunus.");

    public string Folder(string path, string text) => Full(text);

    public Secret Secret(string path, string text)
    {
        if (text.Length == 0) throw new FormatException("it is empty; write \"@file\" or \"env:NAME\".");
        try
        {
            return new(SecretText.Read(path, text.StartsWith('@') ? $"@{Full(text[1..])}" : text, _ => warn(
                $"{path} stands in the configuration itself, where every reader of that finds it; write \"@file\" or \"env:NAME\".")));
        }
        catch (RefusedException e)
        {
            throw new FormatException(e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..], e);
        }
    }

    /// <summary>A file that holds a secret on its only line.</summary>
    public Secret SecretFile(string path, string text) => Secret(path, $"@{text}");

    public SharedSecret SharedSecret(string path, string text) =>
        Credentials.SharedSecret.TryParse(Secret(path, text).Value, out var secret)
            ? secret
            : throw new FormatException("nothing follows the hash; write sha256: and the secret.");

    public TokenKey TokenKey(string path, string text)
    {
        var key = Credentials.TokenKey.Parse(Secret(path, text).Value);
        if (key.WasCut)
            warn($"{path}: the key is longer than {key.Algorithm.Name()} takes; its first {key.Algorithm.KeyLength()} bytes count.");
        return key;
    }

    /// <summary>A key for machines of ours alone: hashed to the 32 bytes that they want.</summary>
    public Bytes Key(string path, string text)
    {
        var secret = Secret(path, text).Value;
        return secret.Length >= 32
            ? Bytes.Copy(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))
            : throw new FormatException("it is short enough to be guessed; give at least 32 random characters.");
    }
}
