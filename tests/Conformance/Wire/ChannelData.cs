using System.Buffers.Binary;

namespace Portunus.Tests.Conformance.Wire;

/// <summary>The message of a channel (RFC 8656 §12.4).</summary>
static class ChannelData
{
    /// <param name="length">What the length field says; the payload's own unless given.</param>
    /// <param name="padding">Zeroes behind the payload.</param>
    public static byte[] Write(int channel, ReadOnlySpan<byte> payload, int? length = null, int padding = 0)
    {
        var bytes = new byte[4 + payload.Length + padding];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)channel);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(length ?? payload.Length));
        payload.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] is >= 0x40 and <= 0x4F;

    public static int Channel(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>The payload, or null where the length says more than is there.</summary>
    public static byte[]? Payload(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return bytes.Length < 4 + length ? null : bytes.Slice(4, length).ToArray();
    }
}
