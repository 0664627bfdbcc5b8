using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>Addresses in the kernel's own layout (sockaddr_in, sockaddr_in6), read and written in place.</summary>
static class KernelAddress
{
    /// <summary>Bytes of the longer of the two.</summary>
    public const int Size = 28;

    const int V4Size = 16;
    const int Port = 2;
    const int V4Address = 4;
    const int V6Flow = 4;
    const int V6Address = 8;
    const int V6Scope = 24;

    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <param name="address">Of either family.</param>
    /// <returns>How many bytes the kernel is to read.</returns>
    public static uint Write(Span<byte> destination, in TransportAddress address)
    {
        var isV4 = address.Family == IPFamily.IPv4;
        var family = (ushort)(isV4 ? Libc.AfInet : Libc.AfInet6);
        MemoryMarshal.Write(destination, in family); // In the order of the machine, as the scope below.
        BinaryPrimitives.WriteUInt16BigEndian(destination[Port..], address.Port);
        if (isV4)
        {
            address.WriteAddress(destination[V4Address..]);
            destination[(V4Address + 4)..V4Size].Clear();
            return V4Size;
        }

        destination[V6Flow..V6Address].Clear();
        address.WriteAddress(destination[V6Address..]);
        var scope = address.Scope;
        MemoryMarshal.Write(destination[V6Scope..], in scope);
        return Size;
    }

    /// <summary>The default value where the kernel named another family, or nobody.</summary>
    public static TransportAddress Read(ReadOnlySpan<byte> source)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(source[Port..]);
        return MemoryMarshal.Read<ushort>(source) switch
        {
            Libc.AfInet => TransportAddress.IPv4(BinaryPrimitives.ReadUInt32BigEndian(source[V4Address..]), port),
            Libc.AfInet6 => TransportAddress.IPv6(
                BinaryPrimitives.ReadUInt128BigEndian(source[V6Address..]), port, MemoryMarshal.Read<uint>(source[V6Scope..])),
            _ => default,
        };
    }
}
