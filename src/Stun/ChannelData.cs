using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>A view on one ChannelData message (RFC 8656 §12.4): channel number, length, data.</summary>
public readonly ref struct ChannelData
{
    public const int HeaderLength = 4;

    ChannelData(ChannelNumber channel, ReadOnlySpan<byte> payload)
    {
        Channel = channel;
        Payload = payload;
    }

    public ChannelNumber Channel { get; }

    /// <summary>Begins <see cref="HeaderLength"/> bytes into the message; may be empty (RFC 8656 §12.4).</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>
    /// False when the number is not that of a channel or the claimed length exceeds the bytes; then the message is dropped
    /// (RFC 8656 §12.6). What follows the data is padding or surplus, and ignored.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ChannelData data)
    {
        data = default;
        if (bytes.Length < HeaderLength) return false;
        var header = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var channel = new ChannelNumber((ushort)(header >> 16));
        var length = (int)(header & 0xFFFF);
        if (!channel.IsValid || length > bytes.Length - HeaderLength) return false;
        data = new ChannelData(channel, bytes.Slice(HeaderLength, length));
        return true;
    }

    /// <summary>Writes <see cref="HeaderLength"/> bytes for a payload of at most 65535.</summary>
    public static void WriteHeader(Span<byte> destination, ChannelNumber channel, int payloadLength) =>
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)channel.Value << 16) | checked((ushort)payloadLength));

    /// <summary>Zero bytes that follow the data on a stream (RFC 8656 §12.5); a datagram needs none.</summary>
    public static int PaddingOf(int payloadLength) => -payloadLength & 3;
}
