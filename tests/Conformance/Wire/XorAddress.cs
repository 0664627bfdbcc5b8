using System.Buffers.Binary;
using System.Net;

namespace Portunus.Tests.Conformance.Wire;

/// <summary>The form of XOR-MAPPED-ADDRESS and its like (RFC 8489 §14.2).</summary>
static class XorAddress
{
    public static byte[] Write(IPEndPoint address, ReadOnlySpan<byte> transactionId)
    {
        var ip = address.Address.GetAddressBytes();
        Mask(ip, transactionId);
        var value = new byte[4 + ip.Length];
        value[1] = ip.Length == 4 ? Family.IPv4 : Family.IPv6;
        BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(2), (ushort)(address.Port ^ (Outgoing.MagicCookie >> 16)));
        ip.CopyTo(value, 4);
        return value;
    }

    /// <summary>Null where family and length do not fit.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transactionId)
    {
        if (!(value.Length == 8 && value[1] == Family.IPv4) && !(value.Length == 20 && value[1] == Family.IPv6)) return null;
        var ip = value[4..].ToArray();
        Mask(ip, transactionId);
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (int)(Outgoing.MagicCookie >> 16);
        return new(new IPAddress(ip), port);
    }

    static void Mask(Span<byte> ip, ReadOnlySpan<byte> transactionId)
    {
        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, Outgoing.MagicCookie);
        transactionId.CopyTo(mask[4..]);
        for (var i = 0; i < ip.Length; i++) ip[i] ^= mask[i];
    }
}
