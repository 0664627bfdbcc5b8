using System.Buffers.Binary;

namespace Portunus.Transport.Tls;

/// <summary>What a ClientHello of DTLS 1.2 says up to its cookie (RFC 6347 §4.2.1, §4.2.2), read without any state.</summary>
readonly struct DtlsHello
{
    const int HandshakeHeaderLength = 12;
    const int RandomLength = 32;
    const byte HandshakeRecord = 22;
    const byte ClientHello = 1;

    DtlsHello(ulong sequence, ushort messageSequence, UInt128 random, Range parameters, Range cookie) =>
        (Sequence, MessageSequence, Random, Parameters, Cookie) = (sequence, messageSequence, random, parameters, cookie);

    /// <summary>The record's number, 48 bits.</summary>
    public ulong Sequence { get; }

    /// <summary>0 for a first hello, 1 for one that answers a HelloVerifyRequest.</summary>
    public ushort MessageSequence { get; }

    /// <summary>Half of the client's random: enough to tell two hellos apart.</summary>
    public UInt128 Random { get; }

    /// <summary>Version, random and session id, as they stand in the datagram: what precedes the cookie.</summary>
    public Range Parameters { get; }

    public Range Cookie { get; }

    /// <summary>
    /// False for anything but a datagram whose first record begins a ClientHello in the clear. A hello in fragments is read if the
    /// first reaches beyond the cookie.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out DtlsHello hello)
    {
        hello = default;
        const int Begin = DtlsRecords.HeaderLength + HandshakeHeaderLength;
        // The least: version, random, and two lengths of nothing.
        const int Least = Begin + 2 + RandomLength + 2;
        if (datagram.Length < Least || datagram[0] != HandshakeRecord || datagram[1] != 0xFE) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) != 0) return false;
        var end = DtlsRecords.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
        if (end < Least || end > datagram.Length) return false;

        var message = datagram[DtlsRecords.HeaderLength..end];
        if (message[0] != ClientHello || ReadUInt24(message[6..]) != 0) return false;
        var fragment = ReadUInt24(message[9..]);
        if (fragment > ReadUInt24(message[1..]) || fragment > message.Length - HandshakeHeaderLength) return false;

        end = Begin + fragment;
        if (end < Least || datagram[Begin] != 0xFE) return false;
        var sessionAt = Begin + 2 + RandomLength;
        var cookieAt = sessionAt + 1 + datagram[sessionAt];
        if (datagram[sessionAt] > 32 || cookieAt >= end) return false;
        var cookieEnd = cookieAt + 1 + datagram[cookieAt];
        if (cookieEnd > end) return false;

        hello = new(BinaryPrimitives.ReadUInt64BigEndian(datagram[3..]) & 0xFFFF_FFFF_FFFF,
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt128BigEndian(datagram[(Begin + 2 + RandomLength - 16)..]), Begin..cookieAt, (cookieAt + 1)..cookieEnd);
        return true;
    }

    public bool HasRandomOf(in DtlsHello other) => Random == other.Random;

    static int ReadUInt24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
}
