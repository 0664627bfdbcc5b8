namespace Portunus.Wic;

/// <summary>What a client and a TURN server speak over (RFC 5928 §3).</summary>
public enum TurnTransport : byte
{
    Udp,
    Tcp,
    Tls,
}
