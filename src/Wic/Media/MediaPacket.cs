using System.Buffers.Binary;

namespace Portunus.Wic;

/// <summary>
/// One packet of a test stream: the shape of RTP with G.711 (RFC 3550 §5.1, RFC 3551 §4.5.14), and numbers in place of sound.
/// </summary>
/// <param name="Source">SSRC: tells an own packet that came back from one of the other side.</param>
/// <param name="Number">Counted from 0, all 32 bits of it; the sequence number of RTP is its lower half.</param>
/// <param name="Heard">The last number heard of the other side; null when none was.</param>
/// <param name="Since">How long ago that was.</param>
readonly record struct MediaPacket(uint Source, uint Number, uint? Heard, TimeSpan Since)
{
    /// <summary>Bytes of a packet: those of 20 ms of G.711.</summary>
    public const int Length = 160;

    const int HeaderLength = 12;

    /// <summary>Where an echo notes that it has been there: two echoes would else send one packet to and fro for ever.</summary>
    const int ReturnedAt = HeaderLength + 20;

    /// <summary>"PRTN": what other streams are told from.</summary>
    const uint Mark = 0x5052544E;

    public void Write(Span<byte> packet)
    {
        packet.Clear();
        packet[0] = 0x80; // Version 2; PCMU, 8000 Hz.
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)Number);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Number * Length);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Source);
        var payload = packet[HeaderLength..];
        BinaryPrimitives.WriteUInt32BigEndian(payload, Mark);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], Number);
        BinaryPrimitives.WriteUInt32BigEndian(payload[8..], Heard is { } heard ? heard + 1 : 0);
        BinaryPrimitives.WriteUInt64BigEndian(payload[12..], (ulong)Since.Ticks);
    }

    /// <summary>Makes of a packet what an echo sends back; false for what an echo leaves alone.</summary>
    public static bool TryReturn(Span<byte> packet)
    {
        if (!TryRead(packet, out _) || packet[ReturnedAt] != 0) return false;
        packet[ReturnedAt] = 1;
        return true;
    }

    /// <summary>False for what is no packet of such a stream.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out MediaPacket read)
    {
        read = default;
        if (packet.Length != Length || packet[0] != 0x80) return false;
        var payload = packet[HeaderLength..];
        if (BinaryPrimitives.ReadUInt32BigEndian(payload) != Mark) return false;
        var heard = BinaryPrimitives.ReadUInt32BigEndian(payload[8..]);
        var since = BinaryPrimitives.ReadUInt64BigEndian(payload[12..]);
        if (since > long.MaxValue) return false;
        read = new(
            BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), BinaryPrimitives.ReadUInt32BigEndian(payload[4..]),
            heard == 0 ? null : heard - 1, new TimeSpan((long)since));
        return true;
    }
}
