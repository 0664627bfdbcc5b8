namespace Portunus.Stun;

/// <summary>The protocols that share a TURN server's port, told apart by their first byte (RFC 7983 §7).</summary>
public enum FirstByte : byte
{
    /// <summary>None of the ranges: dropped.</summary>
    Unassigned,
    Stun,
    Zrtp,
    Dtls,
    ChannelData,
    Rtp,
}

/// <summary>The table of RFC 7983 §7.</summary>
public static class FirstByteExtensions
{
    public static FirstByte Demultiplex(this ReadOnlySpan<byte> datagram) => datagram switch
    {
        [<= 3, ..] => FirstByte.Stun,
        [>= 16 and <= 19, ..] => FirstByte.Zrtp,
        [>= 20 and <= 63, ..] => FirstByte.Dtls,
        [>= 64 and <= 79, ..] => FirstByte.ChannelData,
        [>= 128 and <= 191, ..] => FirstByte.Rtp,
        _ => FirstByte.Unassigned,
    };
}
