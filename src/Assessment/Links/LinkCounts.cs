namespace Portunus.Assessment.Links;

/// <summary>What a link has carried since it was made. Up is from the opener to the other side.</summary>
public sealed record LinkCounts
{
    /// <summary>Of streams: TCP connections opened, each a round trip; of datagrams: addresses that sent.</summary>
    public long Connections { get; init; }

    /// <summary>Round trips of TLS handshakes (see <see cref="TlsMeter"/>), without those of TCP.</summary>
    public long HandshakeRoundTrips { get; init; }

    /// <summary>Of TLS handshakes, both ways; not counted in <see cref="BytesUp"/> and <see cref="BytesDown"/>.</summary>
    public long HandshakeBytes { get; init; }

    /// <summary>Datagrams that the opener sent, the lost ones too.</summary>
    public long MessagesUp { get; init; }

    /// <summary>Datagrams that the other side sent, the lost ones too.</summary>
    public long MessagesDown { get; init; }

    /// <summary>TLS records with application data after the handshake.</summary>
    public long RecordsUp { get; init; }

    /// <summary>As <see cref="RecordsUp"/>; session tickets of TLS 1.3 look the same and are among them.</summary>
    public long RecordsDown { get; init; }

    /// <summary>Payload of UDP (the lost too) and of TCP, without that of handshakes.</summary>
    public long BytesUp { get; init; }

    /// <summary>As <see cref="BytesUp"/>.</summary>
    public long BytesDown { get; init; }

    /// <summary>How often the opener's side sent and then an answer came, after the handshake; as seen at the other side's door.</summary>
    public long RoundTrips { get; init; }

    /// <summary>Datagrams that were dropped, segments (SYN too) that were delayed: once for each time that they were lost.</summary>
    public long Lost { get; init; }

    /// <summary>What came after <paramref name="earlier"/>.</summary>
    public LinkCounts Minus(LinkCounts earlier) => new()
    {
        Connections = Connections - earlier.Connections,
        HandshakeRoundTrips = HandshakeRoundTrips - earlier.HandshakeRoundTrips,
        HandshakeBytes = HandshakeBytes - earlier.HandshakeBytes,
        MessagesUp = MessagesUp - earlier.MessagesUp,
        MessagesDown = MessagesDown - earlier.MessagesDown,
        RecordsUp = RecordsUp - earlier.RecordsUp,
        RecordsDown = RecordsDown - earlier.RecordsDown,
        BytesUp = BytesUp - earlier.BytesUp,
        BytesDown = BytesDown - earlier.BytesDown,
        RoundTrips = RoundTrips - earlier.RoundTrips,
        Lost = Lost - earlier.Lost,
    };
}
