using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>An attribute and its value (RFC 6733 §4.1), the value as it is on the wire.</summary>
sealed class Avp(AvpName name, ReadOnlyMemory<byte> value)
{
    // An attribute of Session-Id's or a name's length; who sends more text than that is not one of ours.
    const int LongestText = 4096;

    public AvpName Name { get; } = name;

    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>As OctetString or UTF8String; null when it is longer than any name.</summary>
    public string? Text => Value.Length <= LongestText ? Encoding.UTF8.GetString(Value.Span) : null;

    /// <summary>As Unsigned32 or Enumerated; null when it has another length.</summary>
    public uint? Number => Value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value.Span) : null;

    /// <summary>As Grouped; null when what is inside is malformed.</summary>
    public AvpList? Group => AvpList.TryRead(Value, out var inside) ? inside : null;

    public static Avp Of(AvpName name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    public static Avp Of(AvpName name, uint number)
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        return new(name, value);
    }

    /// <summary>Address (RFC 6733 §4.3.1): the number of the family as IANA has it, then the address.</summary>
    public static Avp Of(AvpName name, IPAddress address) =>
        new(name, (byte[])[0, (byte)(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 2), .. address.GetAddressBytes()]);

    public static Avp Of(AvpName name, params IEnumerable<Avp> group) => new(name, new AvpList(group).ToBytes());

    public override string ToString() => $"{Name} of {Value.Length} bytes";
}
