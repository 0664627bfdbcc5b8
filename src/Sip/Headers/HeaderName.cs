using System.Text;

namespace Portunus.Sip;

/// <summary>
/// The name of a header: compared without regard to case, its compact form the same as its long one (RFC 3261 §7.3).
/// </summary>
/// <remarks>
/// Text converts to it, so a configured name reads as well as a constant: <c>message.Get("Turn-Credential")</c>.
/// </remarks>
public sealed partial class HeaderName : IEquatable<HeaderName>
{
    readonly int _hash;

    HeaderName(string text, char compact = '\0', bool single = false)
    {
        Text = text;
        Compact = compact;
        IsSingle = single;
        _hash = HashOf(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The long form, as this side writes it.</summary>
    public string Text { get; }

    /// <summary>The one-letter form (§7.3.3); NUL when there is none.</summary>
    public char Compact { get; }

    /// <summary>
    /// Whether its comma is no separator: one value a line (credentials and challenges, dates, texts, single values).
    /// </summary>
    public bool IsSingle { get; }

    /// <exception cref="ArgumentException">The text is not a token.</exception>
    public static HeaderName Of(string text) => Grammar.IsToken(text)
        ? Of(Encoding.UTF8.GetBytes(text))
        : throw new ArgumentException($"\"{text}\" names no header.", nameof(text));

    public static implicit operator HeaderName(string text) => Of(text);

    public bool Equals(HeaderName? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Text.Equals(other.Text, StringComparison.OrdinalIgnoreCase));

    public override bool Equals(object? obj) => Equals(obj as HeaderName);

    public override int GetHashCode() => _hash;

    public static bool operator ==(HeaderName? a, HeaderName? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(HeaderName? a, HeaderName? b) => !(a == b);

    public override string ToString() => Text;

    /// <param name="token">Already known to be a token.</param>
    internal static HeaderName Of(ReadOnlySpan<byte> token) =>
        Known.TryGetValue(token, out var known) ? known : new(Encoding.UTF8.GetString(token));

    /// <summary>Over letters without their case bit; a stranger who collides them gains a walk over 256 names, no more.</summary>
    static int HashOf(ReadOnlySpan<byte> token)
    {
        var hash = 2166136261u;
        foreach (var b in token) hash = (hash ^ (uint)(b | 0x20)) * 16777619u;
        return (int)hash;
    }

    /// <summary>Asks the table of known names with the bytes of a message.</summary>
    sealed class ByToken : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(string text) => HashOf(Encoding.UTF8.GetBytes(text));

        public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.EqualsIgnoreCase(alternate, other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => HashOf(alternate);

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
    }
}
