using System.Buffers.Binary;
using System.Numerics;
using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>Chance that repeats: xoshiro256** (Blackman and Vigna), its state filled from a seed by splitmix64.</summary>
public sealed class SeededRandom : IRandom
{
    ulong _a;
    ulong _b;
    ulong _c;
    ulong _d;

    public SeededRandom(ulong seed) =>
        (_a, _b, _c, _d) = (SplitMix(ref seed), SplitMix(ref seed), SplitMix(ref seed), SplitMix(ref seed));

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A generator of its own, so that a draw more in one place moves nothing in another.</summary>
    public SeededRandom Fork() => new(Next());

    /// <summary>True for the given <paramref name="share"/> of calls, 0 to 1; draws nothing when the answer is certain.</summary>
    public bool Chance(double share) => share >= 1 || (share > 0 && (Next() >> 11) * (1.0 / (1UL << 53)) < share);

    /// <summary>Uniform from zero to <paramref name="span"/>, in whole ticks; draws nothing for a span of zero.</summary>
    public TimeSpan Within(TimeSpan span) =>
        span <= TimeSpan.Zero ? TimeSpan.Zero : new TimeSpan((long)Math.BigMul(Next(), (ulong)span.Ticks + 1, out _));

    public void Fill(Span<byte> destination)
    {
        for (; destination.Length >= sizeof(ulong); destination = destination[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Next());
        if (destination.IsEmpty) return;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, Next());
        last[..destination.Length].CopyTo(destination);
    }

    static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
