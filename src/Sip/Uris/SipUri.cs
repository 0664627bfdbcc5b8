using System.Text;

namespace Portunus.Sip;

/// <summary>
/// A URI as SIP carries it: sip and sips (RFC 3261 §19.1), tel (RFC 3966), and any other scheme as it stands, such as
/// <c>urn:service:sos</c>. Immutable; parts are held in canonical form, the text that was read is kept for writing.
/// </summary>
public sealed partial class SipUri : IEquatable<SipUri>
{
    string? _text;

    SipUri(string scheme) => Scheme = scheme;

    /// <summary>In lower case: <c>sip</c>, <c>sips</c>, <c>tel</c>, or another.</summary>
    public string Scheme { get; private init; }

    /// <summary>The user part; of a tel URI the number without its visual separators; null when there is none.</summary>
    /// <remarks>
    /// Escapes of unreserved characters are undone, others stay: two users are the same if and only if this is.
    /// </remarks>
    public string? User { get; private init; }

    /// <summary>After a colon in the user part (§19.1.1 advises against it); null when there is none.</summary>
    public string? Password { get; private init; }

    /// <summary>Host and port; empty in a tel URI and in other schemes.</summary>
    public HostPort Authority { get; private init; }

    public string Host => Authority.Host ?? "";

    public ushort? Port => Authority.Port;

    public Parameters Parameters { get; private init; } = Parameters.None;

    /// <summary>What follows the question mark, as it stands; null when there is none.</summary>
    public string? Headers { get; private init; }

    /// <summary>All after the colon of a scheme that is neither sip, sips nor tel; null for those.</summary>
    public string? Opaque { get; private init; }

    public bool IsSip => Scheme is "sip" or "sips";

    public bool IsTel => Scheme is "tel";

    /// <summary>In lower case; null when none is given.</summary>
    public string? Transport => Parameters["transport"]?.ToLowerInvariant();

    /// <summary>
    /// Scheme, user, host and port without password, parameters and headers: what a registrar keeps under (§10.3 step 5).
    /// </summary>
    public string AddressOfRecord => this switch
    {
        { Opaque: not null } => ToString(),
        { IsTel: true } => $"tel:{User}",
        { User: null } => $"{Scheme}:{Authority}",
        _ => $"{Scheme}:{User}@{Authority}",
    };

    /// <summary>A sip URI of parts that are escaped here where they must be.</summary>
    /// <exception cref="ArgumentException">The host is none.</exception>
    public static SipUri Of(string? user, string host, ushort? port = null, Parameters? parameters = null) => new("sip")
    {
        User = user is null ? null : UriText.Escape(user, UriText.UserChars),
        Authority = HostPort.TryParse(Encoding.UTF8.GetBytes(host), out var name) && name.Port is null
            ? name with { Port = port }
            : throw new ArgumentException($"\"{host}\" is not a host.", nameof(host)),
        Parameters = parameters ?? Parameters.None,
    };

    /// <exception cref="FormatException">The text is not a URI: for text from our own code or configuration.</exception>
    public static SipUri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"\"{text}\" is not a SIP URI.");

    /// <summary>This with a parameter set; the value is escaped where it must be.</summary>
    public SipUri With(string parameter, string? value = null) => Copy(
        Parameters.With(parameter, value is null ? null : UriText.Escape(value, UriText.ParameterChars)));

    public SipUri Without(string parameter) => Parameters.Has(parameter) ? Copy(Parameters.Without(parameter)) : this;

    /// <summary>Same text when written; for the rules of RFC 3261 §19.1.4 see <see cref="IsEquivalentTo"/>.</summary>
    public bool Equals(SipUri? other) => other is not null && ToString() == other.ToString();

    public override bool Equals(object? obj) => Equals(obj as SipUri);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text that was read, byte for byte, or the canonical one of a URI made here.</summary>
    public override string ToString() => _text ??= Write();

    SipUri Copy(Parameters parameters) => new(Scheme)
    {
        User = User,
        Password = Password,
        Authority = Authority,
        Parameters = parameters,
        Headers = Headers,
        Opaque = Opaque,
    };

    string Write()
    {
        var text = new StringBuilder(Scheme).Append(':');
        if (Opaque is not null) return text.Append(Opaque).ToString();
        text.Append(User);
        if (Password is not null) text.Append(':').Append(Password);
        if (User is not null && !IsTel) text.Append('@');
        if (!IsTel) text.Append(Authority.ToString());
        Parameters.AppendTo(text);
        if (Headers is not null) text.Append('?').Append(Headers);
        return text.ToString();
    }
}
