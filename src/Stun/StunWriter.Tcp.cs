namespace Portunus.Stun;

// The attribute of RFC 6062 §6.2.
public ref partial struct StunWriter
{
    public void AddConnectionId(uint connection) => Add(AttributeType.ConnectionId, connection);
}
