using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>What happened: a digest over everything, and the last events in words.</summary>
/// <remarks>Events are kept as values and become text only when a law breaks.</remarks>
sealed class Trace
{
    /// <summary>Enough to see a transaction with its retransmissions, few enough to read at one sitting.</summary>
    const int Kept = 40;

    readonly Entry[] _last = new Entry[Kept];
    long _count;

    /// <summary>Equal for two runs exactly if the same things happened at the same times, to speak of.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    public void Add(Instant now, string subject, string verb, in Parcel parcel = default)
    {
        _last[_count++ % Kept] = new(now, subject, verb, parcel);
        Mix((ulong)now.MonotonicTicks);
        Mix(MemoryMarshal.AsBytes(subject.AsSpan()));
        Mix(MemoryMarshal.AsBytes(verb.AsSpan()));
        Mix((ulong)parcel.Kind);
        Mix(parcel.From);
        Mix(parcel.To);
        Mix(parcel.Bytes.Span);
    }

    public void WriteTo(StringBuilder text)
    {
        for (var i = Math.Max(0, _count - Kept); i < _count; i++)
        {
            var entry = _last[i % Kept];
            text.Append($"  {TimeSpan.FromTicks(entry.At.MonotonicTicks):c} {entry.Subject} {entry.Verb}");
            if (entry.Parcel.From.Family != IPFamily.None) text.Append($" {entry.Parcel} {Opening(entry.Parcel.Bytes.Span)}");
            text.AppendLine();
        }
    }

    /// <summary>The first bytes: text up to its first line's end, anything else in hexadecimal.</summary>
    static string Opening(ReadOnlySpan<byte> bytes)
    {
        var line = bytes[..Math.Min(bytes.Length, 72)];
        var end = line.IndexOf("\r\n"u8);
        if (end >= 0) line = line[..end];
        return line.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Convert.ToHexString(bytes[..Math.Min(bytes.Length, 24)])
            : Encoding.ASCII.GetString(line);
    }

    void Mix(in TransportAddress address)
    {
        Mix(((ulong)address.Family << 16) | address.Port);
        Mix((ulong)address.AddressBits);
        Mix((ulong)(address.AddressBits >> 64));
    }

    void Mix(ReadOnlySpan<byte> bytes)
    {
        Mix((ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) Mix(b);
    }

    /// <summary>
    /// FNV-1a's step over 64 bits, turned once so that high bits reach low ones. Never the process-seeded hash.
    /// </summary>
    void Mix(ulong value) => Hash = ulong.RotateLeft((Hash ^ value) * 0x100000001B3, 29);

    readonly record struct Entry(Instant At, string Subject, string Verb, Parcel Parcel);
}
