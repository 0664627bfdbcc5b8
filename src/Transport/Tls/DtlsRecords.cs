using System.Buffers.Binary;

namespace Portunus.Transport.Tls;

/// <summary>The records of one datagram (RFC 6347 §4.1), by what stands unencrypted before them.</summary>
static class DtlsRecords
{
    public const int HeaderLength = 13;

    /// <summary>How many are of an epoch after the first, so encrypted.</summary>
    public static int AfterEpochZero(ReadOnlySpan<byte> datagram)
    {
        var count = 0;
        while (datagram.Length >= HeaderLength)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) != 0) count++;
            var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            if (length > datagram.Length) break;
            datagram = datagram[length..];
        }

        return count;
    }
}
