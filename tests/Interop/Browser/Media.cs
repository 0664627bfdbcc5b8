namespace Portunus.Tests.Interop.Browser;

/// <summary>What the browser itself says about the last peer connection of a page.</summary>
public sealed class Media
{
    /// <summary>Types of all candidates of this end, gathered or learned.</summary>
    public string[] LocalTypes { get; set; } = [];

    /// <summary>Type of this end's candidate in the selected pair.</summary>
    public string? Local { get; set; }

    /// <summary>Type of the other end's candidate in the selected pair.</summary>
    public string? Remote { get; set; }

    /// <summary>Address and port of this end's selected candidate.</summary>
    public string? RelayAddress { get; set; }

    /// <summary>How this end's selected relay candidate reaches its TURN server: udp, tcp or tls.</summary>
    public string? RelayProtocol { get; set; }

    /// <summary>Bytes over the selected pair, what was sent and what was received.</summary>
    public long Sent { get; set; }

    public long Received { get; set; }

    /// <summary>Bytes of audio, without headers.</summary>
    public long AudioReceived { get; set; }
}
