using System.Text;

namespace Portunus.Epcscf;

/// <summary>The number of one <see cref="Edge"/> machine; stands in flow tokens, in our Via branch and in our tags.</summary>
/// <param name="Value">0 to 255.</param>
public readonly record struct ShardId(byte Value)
{
    /// <summary>Which of <paramref name="shards"/> serves an address-of-record: the same in every process and version.</summary>
    /// <remarks>FNV-1a with 64 bits: subscribers do not choose their identities, so a seed is not needed.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 256 shards.</exception>
    public static ShardId For(string addressOfRecord, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, 256);
        var hash = 14695981039346656037;
        foreach (var b in Encoding.UTF8.GetBytes(addressOfRecord)) hash = (hash ^ b) * 1099511628211;
        // The low bits of FNV are its weakest: fold the high half in before the remainder.
        return new((byte)((hash ^ (hash >> 32)) % (uint)shards));
    }

    /// <summary>Two hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x2");
}
