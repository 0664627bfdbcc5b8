using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

// The attributes of RFC 8656 §18.
public ref partial struct StunWriter
{
    public void AddChannelNumber(ChannelNumber channel) => Add(AttributeType.ChannelNumber, (uint)channel.Value << 16);

    public void AddLifetime(uint seconds) => Add(AttributeType.Lifetime, seconds);

    public void AddRequestedAddressFamily(IPFamily family) => Add(AttributeType.RequestedAddressFamily, (uint)family << 24);

    public void AddAdditionalAddressFamily(IPFamily family) => Add(AttributeType.AdditionalAddressFamily, (uint)family << 24);

    /// <param name="protocol">An IP protocol number; 17 is UDP.</param>
    public void AddRequestedTransport(byte protocol) => Add(AttributeType.RequestedTransport, (uint)protocol << 24);

    /// <param name="reserveNext">The R bit: asks for the next-higher port, too.</param>
    public void AddEvenPort(bool reserveNext) => Add(AttributeType.EvenPort, [(byte)(reserveNext ? 0x80 : 0)]);

    public void AddDontFragment() => Add(AttributeType.DontFragment, []);

    public void AddReservationToken(ulong token)
    {
        if (Open(AttributeType.ReservationToken, 8) is { IsEmpty: false } place)
            BinaryPrimitives.WriteUInt64BigEndian(place, token);
    }

    public void AddAddressErrorCode(IPFamily family, ErrorCode code)
    {
        var reason = code.ReasonPhrase();
        if (Open(AttributeType.AddressErrorCode, 4 + reason.Length) is { IsEmpty: false } place)
            WriteErrorCode(place, (byte)family, code, reason);
    }

    public void AddIcmp(IcmpError icmp)
    {
        if (Open(AttributeType.Icmp, IcmpError.Length) is { IsEmpty: false } place) icmp.Write(place);
    }

    /// <summary>
    /// Ends the message with the header of a DATA attribute whose value is sent from where it stands, followed by zero
    /// bytes up to a multiple of 4: head, payload and padding together are the message.
    /// </summary>
    /// <param name="payloadLength">In bytes.</param>
    /// <returns>The number of zero bytes after the payload; 0 when the writer is full.</returns>
    public int EndWithData(int payloadLength) => EndWith(AttributeType.Data, payloadLength);

    /// <summary>The same with another attribute in the place of DATA.</summary>
    public int EndWith(AttributeType type, int payloadLength)
    {
        if (!Header(type, payloadLength, here: 0)) return 0;
        _ended = true;
        return -payloadLength & 3;
    }
}
