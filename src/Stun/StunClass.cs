namespace Portunus.Stun;

/// <summary>The four classes of a STUN message, as their two bits read (RFC 8489 §5).</summary>
public enum StunClass : byte
{
    Request = 0b00,
    Indication = 0b01,
    Success = 0b10,
    Error = 0b11,
}
