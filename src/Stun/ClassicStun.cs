using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>Messages of RFC 3489, "classic STUN": they have no magic cookie, but a transaction id of sixteen bytes in the place of
/// both.</summary>
public static class ClassicStun
{
    /// <summary>The header and an ERROR-CODE without a reason phrase.</summary>
    public const int ErrorLength = StunMessage.HeaderLength + 8;

    const int TypeBits = 0x0110; // Of the class.

    /// <summary>Whether it is a request, its cookie and attributes aside. Method 0 is reserved (RFC 8489 §18.2): zeros are none.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> message) =>
        message.Length >= StunMessage.HeaderLength && message[0] <= 0b0011_1111
        && BinaryPrimitives.ReadUInt16BigEndian(message) is > 0 and var type && (type & TypeBits) == 0
        && BinaryPrimitives.ReadUInt16BigEndian(message[2..]) == message.Length - StunMessage.HeaderLength && message.Length % 4 == 0;

    /// <summary>Writes an error response with the request's method and its transaction id.</summary>
    /// <param name="request">As <see cref="IsRequest"/> has it.</param>
    /// <param name="code">Which error.</param>
    /// <param name="response">At least <see cref="ErrorLength"/> bytes.</param>
    public static void WriteError(ReadOnlySpan<byte> request, ErrorCode code, Span<byte> response)
    {
        BinaryPrimitives.WriteUInt16BigEndian(response, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(request) | TypeBits));
        BinaryPrimitives.WriteUInt16BigEndian(response[2..], ErrorLength - StunMessage.HeaderLength);
        request[4..StunMessage.HeaderLength].CopyTo(response[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(response[20..], (ushort)AttributeType.ErrorCode);
        BinaryPrimitives.WriteUInt16BigEndian(response[22..], 4);
        // RFC 8489 §14.8: the class is the hundreds, the number the rest.
        BinaryPrimitives.WriteUInt32BigEndian(response[24..], (uint)(((int)code / 100 << 8) | ((int)code % 100)));
    }
}
