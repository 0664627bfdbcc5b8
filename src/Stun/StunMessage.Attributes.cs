using System.Buffers.Binary;

namespace Portunus.Stun;

public readonly ref partial struct StunMessage
{
    /// <summary>The attributes that count, in their order; integrity and FINGERPRINT are not among them.</summary>
    public Enumerator GetEnumerator() => new(Bytes[.._end]);

    /// <summary>Finds the first attribute of a type; integrity and FINGERPRINT have members of their own.</summary>
    public bool TryGet(AttributeType type, out StunAttribute attribute)
    {
        foreach (var candidate in this)
        {
            if (candidate.Type != type) continue;
            attribute = candidate;
            return true;
        }

        attribute = default;
        return false;
    }

    public bool Has(AttributeType type) => TryGet(type, out _);

    /// <summary>
    /// Collects comprehension-required types that are not understood, each once, in their order (RFC 8489 §6.3.1).
    /// </summary>
    /// <param name="understood">What the caller understands; integrity need not be listed.</param>
    /// <param name="unknown">Takes what is found; what does not fit is left out.</param>
    /// <returns>How many were found, at most the length of <paramref name="unknown"/>.</returns>
    public int FindUnknown(ReadOnlySpan<AttributeType> understood, Span<AttributeType> unknown)
    {
        var count = 0;
        foreach (var attribute in this)
        {
            var type = attribute.Type;
            if (!type.IsComprehensionRequired() || understood.Contains(type) || unknown[..count].Contains(type)) continue;
            if (count == unknown.Length) break;
            unknown[count++] = type;
        }

        return count;
    }

    /// <summary>Walks attributes whose lengths have been checked.</summary>
    public ref struct Enumerator
    {
        readonly ReadOnlySpan<byte> _bytes;
        int _at = HeaderLength;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _bytes = bytes;

        public StunAttribute Current { get; private set; }

        public bool MoveNext()
        {
            if (_at >= _bytes.Length) return false;
            var header = BinaryPrimitives.ReadUInt32BigEndian(_bytes[_at..]);
            var valueAt = _at + AttributeHeaderLength;
            Current = new StunAttribute((AttributeType)(header >> 16), _bytes.Slice(valueAt, (ushort)header), valueAt);
            _at = valueAt + Padded((ushort)header);
            return true;
        }
    }
}
