using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Tests.Conformance.Wire;

/// <summary>A STUN message to send, right or wrong as its maker wants it (RFC 8489 §5).</summary>
/// <remarks>Attributes stand in the order in which they are added; nothing is added by itself.</remarks>
sealed class Outgoing
{
    public const uint MagicCookie = 0x2112A442;

    readonly List<byte> _bytes = new(256);

    public Outgoing(int method, int @class = Class.Request)
    {
        TransactionId = RandomNumberGenerator.GetBytes(12);
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(Spread(method) | @class));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], MagicCookie);
        _bytes.AddRange(header);
        _bytes.AddRange(TransactionId);
    }

    public byte[] TransactionId { get; }

    /// <param name="pad">What the padding is filled with.</param>
    public Outgoing Add(int attribute, ReadOnlySpan<byte> value, byte pad = 0)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)attribute);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)value.Length);
        _bytes.AddRange(head);
        _bytes.AddRange(value);
        while (_bytes.Count % 4 != 0) _bytes.Add(pad);
        return SetLength(0);
    }

    public Outgoing Add(int attribute, string text) => Add(attribute, Encoding.UTF8.GetBytes(text));

    public Outgoing Add(int attribute, uint number)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        return Add(attribute, value);
    }

    /// <summary>An attribute whose value is one byte and three that are reserved.</summary>
    public Outgoing AddByte(int attribute, byte value) => Add(attribute, (uint)value << 24);

    /// <summary>The number of a channel and two bytes that are reserved.</summary>
    public Outgoing AddChannel(int number) => Add(Attr.ChannelNumber, (uint)number << 16);

    /// <summary>An address as XOR-MAPPED-ADDRESS has it (RFC 8489 §14.2).</summary>
    public Outgoing AddAddress(int attribute, IPEndPoint address) => Add(attribute, XorAddress.Write(address, TransactionId));

    public Outgoing AddIntegrity(byte[] key)
    {
        SetLength(24);
        return Add(Attr.Integrity, HMACSHA1.HashData(key, _bytes.ToArray()));
    }

    /// <param name="length">How many bytes of the HMAC are sent.</param>
    public Outgoing AddIntegritySha256(byte[] key, int length = 32)
    {
        SetLength(4 + length);
        return Add(Attr.IntegritySha256, HMACSHA256.HashData(key, _bytes.ToArray()).AsSpan(0, length));
    }

    public Outgoing AddFingerprint()
    {
        SetLength(8);
        return Add(Attr.Fingerprint, Crc32.Of(_bytes.ToArray()) ^ 0x5354554E);
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>The length field says what stands here and <paramref name="more"/> bytes that are to come.</summary>
    Outgoing SetLength(int more)
    {
        var length = _bytes.Count - 20 + more;
        _bytes[2] = (byte)(length >> 8);
        _bytes[3] = (byte)length;
        return this;
    }

    /// <summary>The method's twelve bits around the two of the class.</summary>
    public static int Spread(int method) => ((method & 0xF80) << 2) | ((method & 0x070) << 1) | (method & 0x00F);
}
