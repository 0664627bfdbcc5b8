using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Portunus.Sip;

/// <summary>
/// An address with a display name and parameters: From, To, Contact, Route, Path and their like (name-addr / addr-spec of
/// RFC 3261 §25.1).
/// </summary>
/// <param name="uri">The address.</param>
/// <param name="displayName">Unescaped; null when there is none.</param>
/// <param name="parameters">Those of the header, not of the URI.</param>
public sealed class NameAddress(SipUri uri, string? displayName = null, Parameters? parameters = null) : IHeaderValue
{
    public string? DisplayName { get; } = displayName;

    public SipUri Uri { get; } = uri;

    public Parameters Parameters { get; } = parameters ?? Parameters.None;

    /// <summary>The dialog's mark of From and To (§19.3); null when there is none.</summary>
    public string? Tag => Parameters["tag"];

    /// <summary>Seconds, of a Contact; null when it has none. What is no number counts as 3600 (§10.2.1.1, §20.10).</summary>
    public uint? Expires => Parameters["expires"] is { } text
        ? uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 3600
        : null;

    public static bool TryParse(string? text, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out address);
    }

    /// <summary>Reads one value; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        var scanner = new Scanner(text);
        scanner.SkipSpace();
        if (!TryDisplayName(ref scanner, out var name)) return false;
        SipUri? uri;
        if (scanner.TryTake((byte)'<'))
        {
            if (!scanner.TryUpTo((byte)'>', out var inside) || !SipUri.TryParse(inside, out uri)) return false;
        }
        else
        {
            // §20: without brackets all after a semicolon belongs to the header, and the URI may hold no comma or question mark.
            if (name is not null || !scanner.TryRun(Grammar.BareUriChars, out var bare)) return false;
            if (!SipUri.TryParse(bare, out uri)) return false;
        }

        if (!ParameterScanner.TryReadTail(ref scanner, out var parameters)) return false;
        address = new(uri, name, parameters);
        return true;
    }

    public NameAddress With(string parameter, string? value = null, bool quoted = false) =>
        new(Uri, DisplayName, Parameters.With(parameter, value, quoted));

    public NameAddress Without(string parameter) => new(Uri, DisplayName, Parameters.Without(parameter));

    public string ToHeaderText() => ToString();

    /// <summary>Always with angle brackets, so that the URI's parameters stay its own.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (DisplayName is not null)
        {
            Scanner.AppendQuoted(text, DisplayName);
            text.Append(' ');
        }

        text.Append('<').Append(Uri).Append('>');
        Parameters.AppendTo(text);
        return text.ToString();
    }

    // name-addr = [ display-name ] LAQUOT addr-spec RAQUOT      display-name = *(token LWS) / quoted-string
    static bool TryDisplayName(ref Scanner scanner, out string? name)
    {
        name = null;
        if (scanner.Sees((byte)'"'))
        {
            if (!scanner.TryQuoted(out var quoted)) return false;
            name = Scanner.Unescape(quoted);
            scanner.SkipSpace();
            return true;
        }

        var words = scanner;
        while (words.TryToken(out _)) words.SkipSpace();
        if (words.Position == scanner.Position || !words.Sees((byte)'<')) return true;
        name = Grammar.Text(Grammar.Trim(scanner.Rest[..(words.Position - scanner.Position)]));
        scanner = words;
        return true;
    }
}
