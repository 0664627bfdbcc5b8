using System.Buffers.Binary;

namespace Portunus.Bedrock;

/// <summary>The one source of chance of a machine: the system's generator in a node, a seed's in a simulation.</summary>
public interface IRandom
{
    /// <summary>Fills <paramref name="destination"/> with unpredictable bytes.</summary>
    void Fill(Span<byte> destination);
}

/// <summary>Shapes of chance that machines ask for.</summary>
public static class RandomExtensions
{
    /// <summary>Letters and digits that read the same in a SIP token, a URI user part and a TURN username.</summary>
    const string TokenAlphabet = "0123456789abcdefghijklmnopqrstuv";

    public static ulong NextUInt64(this IRandom random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A number in [0, <paramref name="bound"/>), without bias to speak of: 64 random bits over a 32-bit bound.</summary>
    public static int Next(this IRandom random, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(random.NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>A name of <paramref name="length"/> characters of [0-9a-v], 5 random bits each.</summary>
    public static string NextToken(this IRandom random, int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        random.Fill(bytes);
        Span<char> chars = stackalloc char[length];
        for (var i = 0; i < length; i++) chars[i] = TokenAlphabet[bytes[i] & 31];
        return new string(chars);
    }
}
