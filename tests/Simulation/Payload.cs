using System.Buffers.Binary;

namespace Portunus.Tests.Simulation;

/// <summary>A datagram of a call, made so that its receiver can tell whose it is and that no bit changed.</summary>
static class Payload
{
    const uint Mark = 0x504F5254;
    const int HeaderLength = 13;

    /// <summary>20 to 180 bytes, as audio has; the length and the filling follow from the rest.</summary>
    public static byte[] Make(int call, bool fromCaller, int number)
    {
        var bytes = new byte[HeaderLength + 7 + ((number * 37) % 160)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), call);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), number);
        bytes[12] = fromCaller ? (byte)1 : (byte)0;
        for (var i = HeaderLength; i < bytes.Length; i++) bytes[i] = (byte)((call * 31) + (number * 7) + (i * 13) + bytes[12]);
        return bytes;
    }

    /// <summary>False when the bytes are none that <see cref="Make"/> gives.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int call, out bool fromCaller, out int number)
    {
        (call, fromCaller, number) = (0, false, 0);
        if (bytes.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark) return false;
        call = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        number = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        fromCaller = bytes[12] == 1;
        return number >= 0 && bytes.SequenceEqual(Make(call, fromCaller, number));
    }
}
