using System.Buffers.Binary;

namespace Portunus.Transport.Tls;

/// <summary>The records of one datagram (RFC 6347 §4.1), by what stands unencrypted before them.</summary>
static class DtlsRecords
{
    public const int HeaderLength = 13;

    /// <summary>False when one that is encrypted, so of an epoch after the first, is shorter than any that can be.</summary>
    /// <param name="datagram">Whole; what is no record at its end is left to OpenSSL, which passes over it.</param>
    /// <param name="least">Bytes of nonce and tag.</param>
    /// <param name="encrypted">How many are encrypted.</param>
    public static bool AreLongEnough(ReadOnlySpan<byte> datagram, int least, out int encrypted)
    {
        encrypted = 0;
        while (datagram.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) != 0)
            {
                if (length < least) return false;
                encrypted++;
            }

            if (HeaderLength + length > datagram.Length) break;
            datagram = datagram[(HeaderLength + length)..];
        }

        return true;
    }
}
