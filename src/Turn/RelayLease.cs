using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What a client wants of its relayed address (RFC 8656 §7.2).</summary>
/// <param name="Family">Which family; says nothing with a token.</param>
/// <param name="Port">Which property of the port.</param>
/// <param name="Token">The RESERVATION-TOKEN as a number; null without.</param>
readonly record struct RelayWish(IPFamily Family, PortWish Port, ulong? Token);

/// <summary>A relay address and port that the ledger gave to one worker, and the subject it is charged to.</summary>
/// <remarks>Changed by the ledger under its lock alone.</remarks>
sealed class RelayLease(Charge charge, PortPool pool, ushort port, PortWish wish, bool isRedeemed)
{
    /// <summary>To whom it is charged.</summary>
    public Charge Charge { get; set; } = charge;

    public Subject Subject => Charge.Subject;

    public PortPool Pool { get; } = pool;

    public ushort Port { get; set; } = port;

    public PortWish Wish { get; } = wish;

    /// <summary>The next port is held, too, for the client's second allocation; until a reservation holds it.</summary>
    public bool IsPair { get; set; } = wish == PortWish.Pair;

    /// <summary>The port came with a reservation, and no other will do.</summary>
    public bool IsRedeemed { get; } = isRedeemed;

    public Session? Session { get; set; }

    /// <summary>What the socket is bound to.</summary>
    public TransportAddress Local => Pool.Address.Local.WithPort(Port);

    /// <summary>What the client is told.</summary>
    public TransportAddress Relayed => Pool.Address.Public.WithPort(Port);
}
