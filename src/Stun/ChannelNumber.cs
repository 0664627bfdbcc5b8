namespace Portunus.Stun;

/// <summary>The number of a channel (RFC 8656 §12).</summary>
public readonly record struct ChannelNumber(ushort Value)
{
    public const ushort First = 0x4000;

    /// <summary>0x5000 and above are reserved: RFC 7983 gives those first bytes to other protocols.</summary>
    public const ushort Last = 0x4FFF;

    public bool IsValid => Value is >= First and <= Last;

    public override string ToString() => $"0x{Value:X4}";
}
