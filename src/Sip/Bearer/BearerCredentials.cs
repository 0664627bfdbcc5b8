using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Portunus.Sip;

/// <summary>A bearer token of Authorization (RFC 8898): who has it is taken for its owner.</summary>
/// <remarks>
/// Two forms are read: <c>Bearer token68</c> of RFC 6750 §2.1, and <c>Bearer access_token="..."</c> of TS 24.371 A.3.2. The first
/// is written.
/// </remarks>
/// <param name="token">A secret: the characters of token68, at least one.</param>
public sealed class BearerCredentials(string token) : IHeaderValue
{
    // token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 7235 §2.1)
    static readonly SearchValues<byte> Token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"u8);

    /// <summary>A secret.</summary>
    public string Token { get; } = token;

    /// <summary>Whether the request carries a bearer, be it readable or not.</summary>
    public static bool IsIn(SipMessage request) => AuthScheme.IsIn(request, HeaderName.Authorization, AuthScheme.Bearer);

    /// <summary>
    /// The bearer of a request; null when it has none, none that can be read, or more than one: nobody may choose among them.
    /// </summary>
    public static BearerCredentials? Of(SipMessage request)
    {
        BearerCredentials? found = null;
        foreach (var header in request.Headers)
        {
            if (header.Name != HeaderName.Authorization || !AuthScheme.Is(header, AuthScheme.Bearer)) continue;
            if (found is not null || !TryParse(header.Value, out found)) return null;
        }

        return found;
    }

    /// <summary>Reads one value; false when it is of another scheme or of neither form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out BearerCredentials? credentials)
    {
        credentials = null;
        if (!AuthScheme.Is(text, AuthScheme.Bearer)) return false;
        var scanner = new Scanner(text);
        scanner.SkipSpace();
        scanner.TryToken(out _);
        scanner.SkipSpace();
        var rest = Grammar.Trim(scanner.Rest);
        if (IsToken68(rest)) credentials = new(Grammar.Text(rest));
        else if (ParameterScanner.TryReadList(ref scanner, out var parameters)
            && parameters["access_token"] is { } inside && IsToken68(System.Text.Encoding.UTF8.GetBytes(inside)))
            credentials = new(inside);
        return credentials is not null;
    }

    public string ToHeaderText() => $"{AuthScheme.Bearer} {Token}";

    /// <summary>Without the token.</summary>
    public override string ToString() => AuthScheme.Bearer;

    static bool IsToken68(ReadOnlySpan<byte> text)
    {
        var body = text.TrimEnd((byte)'=');
        return !body.IsEmpty && !body.ContainsAnyExcept(Token68);
    }
}
