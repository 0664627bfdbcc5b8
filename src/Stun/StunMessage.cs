using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>
/// A view on the bytes of one STUN message whose frame has been checked (RFC 8489 §5, §14): header, attribute lengths and
/// FINGERPRINT. Holds no copy and makes no object.
/// </summary>
/// <remarks>
/// Enumerating gives the attributes that count: those before the first integrity attribute. What follows MESSAGE-INTEGRITY
/// is ignored but for MESSAGE-INTEGRITY-SHA256 and FINGERPRINT; what follows the former is ignored but for the latter
/// (RFC 8489 §9). Of duplicates the first counts (§14).
/// </remarks>
public readonly ref partial struct StunMessage
{
    public const int HeaderLength = 20;

    public const uint MagicCookie = 0x2112A442;

    /// <summary>
    /// Bounds every walk. The longest honest list is a CreatePermission: 120 IPv4 peers fill an Ethernet frame.
    /// </summary>
    public const int MostAttributes = 256;

    const int AttributeHeaderLength = 4;

    readonly int _end;
    readonly int _sha1At;
    readonly int _sha256At;
    readonly int _fingerprintAt;

    StunMessage(ReadOnlySpan<byte> bytes, int end, int sha1At, int sha256At, int fingerprintAt)
    {
        Bytes = bytes;
        (_end, _sha1At, _sha256At, _fingerprintAt) = (end, sha1At, sha256At, fingerprintAt);
    }

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    // RFC 8489 §5, figure 3: M11-M7 C1 M6-M4 C0 M3-M0.
    public StunClass Class => (StunClass)(((Type & 0x100) >> 7) | ((Type & 0x010) >> 4));

    public StunMethod Method => (StunMethod)(((Type & 0x3E00) >> 2) | ((Type & 0x00E0) >> 1) | (Type & 0x000F));

    public TransactionId TransactionId => TransactionId.Read(Bytes[8..]);

    /// <summary>True when the message carries a FINGERPRINT; it has been checked then.</summary>
    public bool HasFingerprint => _fingerprintAt != 0;

    int Type => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    /// <summary>
    /// Checks what can be checked without knowing any method. The bytes are one datagram or one framed message, with nothing
    /// before or after it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out StunMessage message, out StunError error)
    {
        error = Check(bytes, out message);
        return error == StunError.None;
    }

    /// <summary>The first two bytes of a message of this class and method.</summary>
    internal static ushort TypeOf(StunClass stunClass, StunMethod method)
    {
        var (c, m) = ((int)stunClass, (int)method);
        return (ushort)(((m & 0xF80) << 2) | ((c & 0b10) << 7) | ((m & 0x070) << 1) | ((c & 0b01) << 4) | (m & 0x00F));
    }

    internal static int Padded(int length) => (length + 3) & ~3;

    static StunError Check(ReadOnlySpan<byte> bytes, out StunMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength) return StunError.TooShort;
        if (bytes[0] > 0b0011_1111) return StunError.NotStun;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != MagicCookie) return StunError.BadCookie;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (length % 4 != 0 || HeaderLength + length != bytes.Length) return StunError.BadLength;

        int end = bytes.Length, sha1At = 0, sha256At = 0, fingerprintAt = 0, count = 0;
        for (var at = HeaderLength; at < bytes.Length;)
        {
            if (++count > MostAttributes) return StunError.TooManyAttributes;
            // Every step is a multiple of 4, so a header that begins inside the message also ends inside it.
            var header = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var next = at + AttributeHeaderLength + Padded((ushort)header);
            if (next > bytes.Length) return StunError.AttributeOverrun;
            switch ((AttributeType)(header >> 16))
            {
                case AttributeType.MessageIntegrity when sha1At == 0 && sha256At == 0:
                    sha1At = at;
                    end = Math.Min(end, at);
                    break;
                case AttributeType.MessageIntegritySha256 when sha256At == 0:
                    sha256At = at;
                    end = Math.Min(end, at);
                    break;
                case AttributeType.Fingerprint:
                    if ((ushort)header != Fingerprint.Length || next != bytes.Length) return StunError.MisplacedFingerprint;
                    fingerprintAt = at;
                    end = Math.Min(end, at);
                    break;
            }

            at = next;
        }

        if (fingerprintAt != 0 && !Fingerprint.Matches(bytes)) return StunError.BadFingerprint;
        message = new StunMessage(bytes, end, sha1At, sha256At, fingerprintAt);
        return StunError.None;
    }
}
