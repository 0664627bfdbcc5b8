namespace Portunus.Tests.Conformance.Wire;

/// <summary>The CRC of FINGERPRINT (RFC 8489 §14.7): that of ITU V.42, bit by bit.</summary>
static class Crc32
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
