namespace Portunus.Assessment.Results;

/// <summary>What one link carried for one client, on average over the samples of a cell.</summary>
public sealed record LinkCount
{
    /// <summary>As <see cref="Study.LinkName"/> has it.</summary>
    public required string Link { get; init; }

    /// <summary>The entity that opened it, or sent first.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>Such as <c>SIP/WSS</c>, <c>HTTPS</c>, <c>STUN/UDP</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Of streams: connections opened.</summary>
    public double Connections { get; init; }

    /// <summary>Round trips that went into connections: one for TCP, and those of TLS; not counted in
    /// <see cref="RoundTrips"/>.</summary>
    public double Handshakes { get; init; }

    /// <summary>Of TLS handshakes, both ways; not counted in <see cref="Bytes"/>.</summary>
    public double HandshakeBytes { get; init; }

    /// <summary>Of the protocol: SIP messages, HTTP requests and answers, STUN messages, ChannelData.</summary>
    public double Messages { get; init; }

    /// <summary>Payload of UDP and TCP, both ways.</summary>
    public double Bytes { get; init; }

    /// <summary>Times that the opener waited for an answer.</summary>
    public double RoundTrips { get; init; }
}
