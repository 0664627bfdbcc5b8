using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Bedrock;

/// <summary>The two families that an address can have; the numbers are those of STUN (RFC 8489 §14.1).</summary>
public enum IPFamily : byte
{
    None = 0,
    IPv4 = 1,
    IPv6 = 2,
}

/// <summary>
/// An IP address and a port as a value of fixed size: the only address type on the path of a datagram.
/// An IPv4 address is never held in an IPv6 form: <see cref="From(IPEndPoint)"/> unmaps what a dual-stack socket reports.
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    readonly ulong _high;
    readonly ulong _low;
    readonly uint _scope;

    TransportAddress(IPFamily family, ulong high, ulong low, ushort port, uint scope) =>
        (Family, _high, _low, Port, _scope) = (family, high, low, port, scope);

    public IPFamily Family { get; }

    /// <summary>In host order.</summary>
    public ushort Port { get; }

    /// <summary>4 for IPv4, 16 for IPv6, 0 for the default value.</summary>
    public int AddressLength => Family switch { IPFamily.IPv4 => 4, IPFamily.IPv6 => 16, _ => 0 };

    /// <summary>The address as a number: 32 bits for IPv4, 128 for IPv6; ranges are compared on it.</summary>
    public UInt128 AddressBits => new(_high, _low);

    /// <summary>The zone of an IPv6 link-local address, 0 otherwise.</summary>
    public uint Scope => _scope;

    public static TransportAddress IPv4(uint address, ushort port) => new(IPFamily.IPv4, 0, address, port, 0);

    public static TransportAddress IPv6(UInt128 address, ushort port, uint scope = 0) =>
        new(IPFamily.IPv6, (ulong)(address >> 64), (ulong)address, port, scope);

    /// <param name="address">Four or sixteen bytes in network order.</param>
    /// <param name="port">In host order.</param>
    /// <exception cref="ArgumentException">Any other length.</exception>
    public static TransportAddress FromBytes(ReadOnlySpan<byte> address, ushort port) => address.Length switch
    {
        4 => IPv4(BinaryPrimitives.ReadUInt32BigEndian(address), port),
        16 => IPv6(BinaryPrimitives.ReadUInt128BigEndian(address), port),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(address)),
    };

    public static TransportAddress From(IPEndPoint endPoint) => From(endPoint.Address, (ushort)endPoint.Port);

    public static TransportAddress From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? FromBytes(bytes[..4], port)
            : IPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes), port, (uint)address.ScopeId);
    }

    /// <summary>Reads <c>192.0.2.1:3478</c> or <c>[2001:db8::1]:3478</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TransportAddress address)
    {
        address = default;
        if (!IPEndPoint.TryParse(text, out var endPoint)) return false;
        // IPEndPoint accepts a bare address and takes port 0; a bare IPv6 address could also swallow a port.
        var colon = text.LastIndexOf(':');
        if (colon < 0 || (endPoint.AddressFamily == AddressFamily.InterNetworkV6 && text[0] != '[') || text[^1] == ']') return false;
        // Nor is 10.1 or 010.0.0.1 an address that two readers would read alike.
        if (endPoint.AddressFamily == AddressFamily.InterNetwork && !text[..colon].SequenceEqual(endPoint.Address.ToString())) return false;
        address = From(endPoint);
        return true;
    }

    /// <summary>Writes the address in network order; returns how many bytes that were.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (Family == IPFamily.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, AddressBits);
        return 16;
    }

    public TransportAddress WithPort(ushort port) => new(Family, _high, _low, port, _scope);

    public bool SameAddress(in TransportAddress other) =>
        _low == other._low && _high == other._high && Family == other.Family && _scope == other._scope;

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = WriteAddress(bytes);
        return length == 4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, _scope);
    }

    public IPEndPoint ToIPEndPoint() => new(ToIPAddress(), Port);

    public bool Equals(TransportAddress other) => SameAddress(other) && Port == other.Port;

    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    /// <summary>Seeded per process: a peer chooses its ports, and must not choose our buckets.</summary>
    public override int GetHashCode() => HashCode.Combine(_high, _low, Port, _scope);

    public static bool operator ==(in TransportAddress a, in TransportAddress b) => a.Equals(b);

    public static bool operator !=(in TransportAddress a, in TransportAddress b) => !a.Equals(b);

    /// <summary>As in a URI: <c>192.0.2.1:3478</c>, <c>[2001:db8::1]:3478</c>.</summary>
    public override string ToString() => Family == IPFamily.None ? "(none)" : ToIPEndPoint().ToString();
}
