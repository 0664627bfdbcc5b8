namespace Portunus.Assessment.Results;

/// <summary>What one step of a client cost on one stream link, as it was counted over sockets.</summary>
public sealed record StepCount
{
    /// <summary>As the native client names it: <c>discover</c>, <c>login</c>, <c>token</c>, <c>connect</c>, ...</summary>
    public required string Step { get; init; }

    /// <summary>By <see cref="Study.LinkName"/>.</summary>
    public required string Link { get; init; }

    /// <summary>TCP connections that were opened, each a round trip.</summary>
    public long Connections { get; init; }

    /// <summary>Round trips of TLS handshakes.</summary>
    public long TlsRoundTrips { get; init; }

    /// <summary>Of TLS handshakes, both ways.</summary>
    public long HandshakeBytes { get; init; }

    /// <summary>Questions that were waited for.</summary>
    public long RoundTrips { get; init; }

    /// <summary>Payload from the opener, without handshakes.</summary>
    public long BytesUp { get; init; }

    /// <summary>As <see cref="BytesUp"/>, to the opener.</summary>
    public long BytesDown { get; init; }
}
