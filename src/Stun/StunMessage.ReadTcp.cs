using System.Buffers.Binary;

namespace Portunus.Stun;

// The attribute of RFC 6062 §6.2.
public readonly ref partial struct StunMessage
{
    /// <summary>Which connection with a peer is meant (RFC 6062 §6.2.1); any 32-bit number.</summary>
    public Reading ReadConnectionId(out uint connection)
    {
        var reading = ReadFixed(AttributeType.ConnectionId, 4, out var value);
        connection = reading == Reading.Present ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return reading;
    }
}
