using System.Buffers.Binary;
using System.Numerics;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// The last requests that were left unanswered, each as one word in a table of fixed size: a client that is there sends the same again
/// (RFC 8489 §6.2.1), a forged source mostly does not.
/// </summary>
/// <param name="requests">How many words at least; rounded up to a power of two. A newer request takes the
/// place of the oldest of eight.</param>
sealed class RepeatedRequests(int requests)
{
    /// <summary>Sooner nobody sends again: RFC 8489 §6.2.1 begins with 500 ms, browsers with 250.</summary>
    static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two sendings is 16 s.</summary>
    static readonly TimeSpan Latest = TimeSpan.FromSeconds(20);

    // A cache line. While half as many are left unanswered as there are words, hardly one is lost.
    const int Ways = 8;

    // The upper half knows the request again, the lower is when it came, in ms.
    readonly ulong[] _words = new ulong[Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)requests))];

    /// <summary>Of one request of one source, under a key.</summary>
    public static UInt128 Hash(in SipHash key, in TransportAddress client, in TransactionId transaction)
    {
        Span<byte> input = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(input, client.AddressBits);
        transaction.Write(input[16..]);
        BinaryPrimitives.WriteUInt16LittleEndian(input[28..], client.Port);
        input[30] = (byte)client.Family;
        input[31] = 0;
        Span<byte> hash = stackalloc byte[16];
        key.Compute(input, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Whether it was left unanswered a while ago.</summary>
    public bool Contains(Instant now, UInt128 hash)
    {
        foreach (var word in SetOf(hash))
            if (IsOf(hash, word))
                return Age(now, word) >= Soonest.TotalMilliseconds && Age(now, word) <= Latest.TotalMilliseconds;
        return false;
    }

    /// <summary>It is left unanswered.</summary>
    public void Add(Instant now, UInt128 hash)
    {
        var set = SetOf(hash);
        ref var oldest = ref set[0];
        foreach (ref var word in set)
        {
            if (IsOf(hash, word))
            {
                // The first time counts, or a flood of copies would never be old enough, and neither would its victim's request.
                if (Age(now, word) > Latest.TotalMilliseconds) word = WordOf(now, hash);
                return;
            }

            if (Age(now, word) > Age(now, oldest)) oldest = ref word;
        }

        oldest = WordOf(now, hash);
    }

    static bool IsOf(UInt128 hash, ulong word) => word >> 32 == (ulong)hash >> 32;

    static ulong WordOf(Instant now, UInt128 hash) => ((ulong)hash & 0xFFFF_FFFF_0000_0000) | Milliseconds(now);

    /// <summary>In ms; nothing is older than a place that was never taken.</summary>
    static uint Age(Instant now, ulong word) => word == 0 ? uint.MaxValue : Milliseconds(now) - (uint)word;

    static uint Milliseconds(Instant now) => (uint)(now.MonotonicTicks / TimeSpan.TicksPerMillisecond);

    Span<ulong> SetOf(UInt128 hash) => _words.AsSpan((int)(hash >> 64) & (_words.Length - 1) & ~(Ways - 1), Ways);
}
