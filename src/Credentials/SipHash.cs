using System.Buffers.Binary;
using System.Numerics;

namespace Portunus.Credentials;

/// <summary>
/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012): a keyed function made for authenticating short
/// inputs. Nonces are the one thing that a stranger can have us make at line rate; this takes tens of nanoseconds where an
/// HMAC takes a thousand or more.
/// </summary>
public readonly struct SipHash
{
    public const int KeyLength = 16;

    readonly ulong _k0;
    readonly ulong _k1;

    public SipHash(ReadOnlySpan<byte> key) =>
        (_k0, _k1) = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));

    /// <summary>Writes the 16 bytes of the hash.</summary>
    public void Compute(ReadOnlySpan<byte> input, Span<byte> hash)
    {
        var v0 = _k0 ^ 0x736F6D6570736575;
        var v1 = _k1 ^ 0x646F72616E646F6D ^ 0xEE;
        var v2 = _k0 ^ 0x6C7967656E657261;
        var v3 = _k1 ^ 0x7465646279746573;
        var last = (ulong)input.Length << 56;
        for (; input.Length >= 8; input = input[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(input);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        for (var i = 0; i < input.Length; i++) last |= (ulong)input[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xEE;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        BinaryPrimitives.WriteUInt64LittleEndian(hash, v0 ^ v1 ^ v2 ^ v3);
        v1 ^= 0xDD;
        for (var i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        BinaryPrimitives.WriteUInt64LittleEndian(hash[8..], v0 ^ v1 ^ v2 ^ v3);
    }

    static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
