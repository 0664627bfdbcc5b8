using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What of a client's address stands for the client: an IPv4 address, or a subscriber's /64 of IPv6 (RFC 6177 §2).</summary>
static class SourcePrefix
{
    /// <summary>The prefix as an address with port 0.</summary>
    public static TransportAddress Of(in TransportAddress client) => client.Family == IPFamily.IPv6
        ? TransportAddress.IPv6(client.AddressBits >> 64 << 64, 0)
        : client.WithPort(0);

    /// <summary>Of a prefix, under a key: nobody can choose sources that meet in one place.</summary>
    public static UInt128 Hash(in SipHash key, in TransportAddress client)
    {
        Span<byte> input = stackalloc byte[16];
        var bits = client.Family == IPFamily.IPv6 ? (ulong)(client.AddressBits >> 64) : (ulong)client.AddressBits;
        BinaryPrimitives.WriteUInt64LittleEndian(input, bits);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], (ulong)client.Family);
        Span<byte> hash = stackalloc byte[16];
        key.Compute(input, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
