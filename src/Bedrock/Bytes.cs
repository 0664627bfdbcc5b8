using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Bedrock;

/// <summary>An immutable string of bytes, equal by content: usernames, realms, tokens and ids as they stand on a wire.</summary>
/// <remarks>Dictionaries keyed by it can be asked with a span of the received message: see <see cref="ByContent"/>.</remarks>
public sealed class Bytes : IEquatable<Bytes>
{
    public static readonly Bytes Empty = new([]);

    readonly byte[] _value;

    Bytes(byte[] value) => _value = value;

    /// <summary>The comparer for dictionaries that look up by span without making an object.</summary>
    public static IEqualityComparer<Bytes> ByContent { get; } = new Comparer();

    public ReadOnlySpan<byte> Span => _value;

    public int Length => _value.Length;

    public static Bytes Copy(ReadOnlySpan<byte> value) => value.IsEmpty ? Empty : new(value.ToArray());

    public static Bytes Utf8(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals([NotNullWhen(true)] Bytes? other) => other is not null && Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => Equals(obj as Bytes);

    public override int GetHashCode() => Hash(_value);

    /// <summary>The bytes as UTF-8 text; bytes that are not UTF-8 become U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_value);

    /// <summary>Seeded per process, because strangers choose the names that servers look up.</summary>
    static int Hash(ReadOnlySpan<byte> value)
    {
        var hash = new HashCode();
        hash.AddBytes(value);
        return hash.ToHashCode();
    }

    sealed class Comparer : IEqualityComparer<Bytes>, IAlternateEqualityComparer<ReadOnlySpan<byte>, Bytes>
    {
        public bool Equals(Bytes? x, Bytes? y) => x is null ? y is null : x.Equals(y);

        public int GetHashCode(Bytes obj) => obj.GetHashCode();

        public bool Equals(ReadOnlySpan<byte> alternate, Bytes other) => alternate.SequenceEqual(other.Span);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

        public Bytes Create(ReadOnlySpan<byte> alternate) => Copy(alternate);
    }
}
