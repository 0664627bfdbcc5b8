using System.Buffers.Binary;
using System.Net;

namespace Portunus.Wic;

/// <summary>
/// A question of Multicast DNS and its answers, for a client that is no responder itself: it asks from a port of its own and is
/// answered there as by a name server (RFC 6762 §5.1, §6.7).
/// </summary>
public static class MulticastMessage
{
    /// <summary>Records of one answer that are read.</summary>
    public const int MostRecords = 64;

    const int HeaderBytes = 12;
    const ushort Internet = 1;

    // Of the class of a record: others that are known of the name are to be forgotten (RFC 6762 §10.2).
    const ushort CacheFlush = 0x8000;

    // QR, opcode and RCODE (RFC 1035 §4.1.1); the other bits of the header say nothing here (RFC 6762 §18).
    const ushort Judged = 0xF80F;
    const ushort Response = 0x8000;

    /// <summary>The question; null where the name is none.</summary>
    /// <param name="id">Comes back in its answers.</param>
    /// <param name="question">What is asked.</param>
    public static byte[]? Ask(ushort id, DnsQuestion question)
    {
        List<byte> message = [(byte)(id >> 8), (byte)id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        if (!DnsName.TryWrite(message, question.Name)) return null;
        message.AddRange([0, (byte)question.Type, 0, (byte)Internet]);
        return [.. message];
    }

    /// <summary>
    /// What an answer says, each record under the question that it answers: those asked next come along (RFC 6763 §12). Null for what
    /// is no answer to this question: its id and the question itself must have come back (RFC 6762 §6.7).
    /// </summary>
    public static IReadOnlyList<(DnsQuestion About, DnsRecord Record)>? Read(
        ReadOnlySpan<byte> message, ushort id, DnsQuestion question)
    {
        if (message.Length < HeaderBytes || Number(message, 0) != id || (Number(message, 2) & Judged) != Response) return null;
        var at = HeaderBytes;
        if (Number(message, 4) != 1 || !DnsName.TryRead(message, ref at, out var name) || at + 4 > message.Length) return null;
        if (!name.Equals(question.Name, StringComparison.OrdinalIgnoreCase) || Number(message, at) != (ushort)question.Type)
            return null;
        at += 4;
        var count = Math.Min(Number(message, 6) + Number(message, 8) + Number(message, 10), MostRecords);
        List<(DnsQuestion, DnsRecord)> records = [];
        while (count-- > 0)
        {
            if (!DnsName.TryRead(message, ref at, out name) || at + 10 > message.Length) return null;
            var (type, kind, size) = (Number(message, at), Number(message, at + 2), Number(message, at + 8));
            at += 10;
            if (at + size > message.Length) return null;
            if ((kind & ~CacheFlush) == Internet && ReadData(message[..(at + size)], type, at) is { } record)
                records.Add((new(name, (DnsType)type), record));
            at += size;
        }

        return records;
    }

    /// <summary>Null for what is of another type, or not as its type is.</summary>
    static DnsRecord? ReadData(ReadOnlySpan<byte> message, ushort type, int at)
    {
        var data = message[at..];
        return type switch
        {
            (ushort)DnsType.A when data.Length == 4 => new DnsRecord.Address(new IPAddress(data)),
            (ushort)DnsType.Aaaa when data.Length == 16 => new DnsRecord.Address(new IPAddress(data)),
            (ushort)DnsType.Ptr when DnsName.TryRead(message, ref at, out var name) => new DnsRecord.Instance(name),
            (ushort)DnsType.Srv when data.Length > 6 && TryReadTarget(message, at + 6, out var target) =>
                new DnsRecord.Service(Number(data, 0), Number(data, 2), Number(data, 4), target),
            _ => null,
        };
    }

    static bool TryReadTarget(ReadOnlySpan<byte> message, int at, out string target) =>
        DnsName.TryRead(message, ref at, out target);

    static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
}
