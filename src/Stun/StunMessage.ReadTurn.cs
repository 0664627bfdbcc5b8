using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

// The attributes of RFC 8656 §18 by what they hold.
public readonly ref partial struct StunMessage
{
    /// <summary>RFC 8656 §18.1; the number may lie outside the range of channels.</summary>
    public Reading ReadChannelNumber(out ChannelNumber channel)
    {
        var reading = ReadFixed(AttributeType.ChannelNumber, 4, out var value);
        channel = reading == Reading.Present ? new(BinaryPrimitives.ReadUInt16BigEndian(value)) : default;
        return reading;
    }

    /// <summary>Seconds (RFC 8656 §18.2); may be any 32-bit number.</summary>
    public Reading ReadLifetime(out uint seconds)
    {
        var reading = ReadFixed(AttributeType.Lifetime, 4, out var value);
        seconds = reading == Reading.Present ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return reading;
    }

    /// <summary>The first peer; a CreatePermission may name more, which enumerating finds.</summary>
    public Reading ReadXorPeerAddress(out TransportAddress peer) => ReadXorAddress(AttributeType.XorPeerAddress, out peer);

    public Reading ReadXorRelayedAddress(out TransportAddress relayed) =>
        ReadXorAddress(AttributeType.XorRelayedAddress, out relayed);

    /// <summary>Where the application data stands in the message (RFC 8656 §18.4), so that it can be sent from there.</summary>
    public Reading ReadData(out Range data)
    {
        data = default;
        if (!TryGet(AttributeType.Data, out var attribute)) return Reading.Absent;
        data = attribute.ValueAt..(attribute.ValueAt + attribute.Value.Length);
        return Reading.Present;
    }

    /// <summary>RFC 8656 §18.6; a family other than the two is handed on as its number, for the server to answer 440.</summary>
    public Reading ReadRequestedAddressFamily(out IPFamily family) =>
        ReadFamily(AttributeType.RequestedAddressFamily, out family);

    /// <summary>RFC 8656 §18.11; only IPv6 is valid, which is the server's to check.</summary>
    public Reading ReadAdditionalAddressFamily(out IPFamily family) =>
        ReadFamily(AttributeType.AdditionalAddressFamily, out family);

    /// <param name="reserveNext">The R bit: the next-higher port shall be reserved (RFC 8656 §18.7).</param>
    public Reading ReadEvenPort(out bool reserveNext)
    {
        var reading = ReadFixed(AttributeType.EvenPort, 1, out var value);
        reserveNext = reading == Reading.Present && (value[0] & 0x80) != 0;
        return reading;
    }

    /// <param name="protocol">An IP protocol number; 17 is UDP (RFC 8656 §18.8).</param>
    public Reading ReadRequestedTransport(out byte protocol)
    {
        var reading = ReadFixed(AttributeType.RequestedTransport, 4, out var value);
        protocol = reading == Reading.Present ? value[0] : default;
        return reading;
    }

    public Reading ReadDontFragment() => ReadFixed(AttributeType.DontFragment, 0, out _);

    public Reading ReadReservationToken(out ulong token)
    {
        var reading = ReadFixed(AttributeType.ReservationToken, 8, out var value);
        token = reading == Reading.Present ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        return reading;
    }

    /// <summary>Why one of two families was not allocated (RFC 8656 §18.12).</summary>
    public Reading ReadAddressErrorCode(out IPFamily family, out ErrorCode code)
    {
        (family, code) = (default, default);
        if (!TryGet(AttributeType.AddressErrorCode, out var attribute)) return Reading.Absent;
        if (!TryReadErrorCode(attribute.Value, out code, out _)) return Reading.Malformed;
        family = (IPFamily)attribute.Value[0];
        return Reading.Present;
    }

    /// <summary>Type, code and error data of what came back for a relayed datagram (RFC 8656 §18.13).</summary>
    public Reading ReadIcmp(out IcmpError icmp)
    {
        var reading = ReadFixed(AttributeType.Icmp, 8, out var value);
        icmp = reading == Reading.Present ? IcmpError.Read(value) : default;
        return reading;
    }

    Reading ReadFamily(AttributeType type, out IPFamily family)
    {
        var reading = ReadFixed(type, 4, out var value);
        family = reading == Reading.Present ? (IPFamily)value[0] : default;
        return reading;
    }
}
