using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>A list of password algorithms by their registered numbers (RFC 8489 §14.11), read in place.</summary>
public readonly ref struct PasswordAlgorithms
{
    internal PasswordAlgorithms(ReadOnlySpan<byte> value) => Value = value;

    /// <summary>The attribute's value: a client returns it unchanged, and a server compares it (RFC 8489 §9.2.4).</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The entry that stands first, 0 when the list is empty.</summary>
    internal ushort First
    {
        get
        {
            var rest = Value;
            return TryTake(ref rest, out var algorithm) ? algorithm : (ushort)0;
        }
    }

    internal int Count
    {
        get
        {
            var rest = Value;
            var count = 0;
            while (TryTake(ref rest, out _)) count++;
            return count;
        }
    }

    /// <summary>True when the entries fill the value and there is at least one.</summary>
    internal bool IsWellFormed
    {
        get
        {
            var rest = Value;
            while (TryTake(ref rest, out _)) { }
            return rest.IsEmpty && !Value.IsEmpty;
        }
    }

    public bool Contains(ushort algorithm)
    {
        var rest = Value;
        while (TryTake(ref rest, out var candidate))
            if (candidate == algorithm) return true;
        return false;
    }

    /// <summary>Takes the next entry off <paramref name="rest"/>, which begins as <see cref="Value"/>.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ushort algorithm)
    {
        algorithm = 0;
        if (rest.Length < 4) return false;
        // Padding of the last entry's parameters is the attribute's own and may not be counted in its length.
        int parameters = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (parameters > rest.Length - 4) return false;
        algorithm = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[Math.Min(rest.Length, 4 + StunMessage.Padded(parameters))..];
        return true;
    }
}
