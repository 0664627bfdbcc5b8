using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>What a client wants of its relayed address (RFC 8656 §7.2).</summary>
/// <param name="Family">Which family; says nothing with a token.</param>
/// <param name="Port">Which property of the port.</param>
/// <param name="Token">The RESERVATION-TOKEN as a number; null without.</param>
/// <param name="IsDual">Whether an IPv6 address is wanted beside the IPv4 one.</param>
/// <param name="IsTcp">Whether peers come by TCP (RFC 6062).</param>
readonly record struct RelayWish(IPFamily Family, PortWish Port, ulong? Token, bool IsDual = false, bool IsTcp = false);

/// <summary>The ports of one allocation that the ledger gave to one worker, and the subject they are charged to.</summary>
/// <remarks>Changed by the ledger under its lock alone.</remarks>
sealed class RelayLease(Charge charge, PortWish wish, bool isRedeemed)
{
    /// <summary>To whom it is charged.</summary>
    public Charge Charge { get; set; } = charge;

    public Subject Subject => Charge.Subject;

    /// <summary>One, or one of each family for a dual allocation, the IPv4 one first.</summary>
    public List<LeasedPort> Ports { get; } = new(1);

    public PortWish Wish { get; } = wish;

    /// <summary>Whether the ports are for TCP. Of UDP they are held as well: a port is never both.</summary>
    public bool IsTcp { get; init; }

    /// <summary>The port after the first is held, too, for the client's second allocation; until a reservation holds it.</summary>
    public bool IsPair { get; set; } = wish == PortWish.Pair;

    /// <summary>The port came with a reservation, and no other will do.</summary>
    public bool IsRedeemed { get; } = isRedeemed;

    /// <summary>The socket that holds the port which came with a reservation; null where none does.</summary>
    public RelayId? Held { get; init; }

    public Session? Session { get; set; }

    /// <summary>The allocation; its numbers are read by others a little late.</summary>
    public Allocation? Holder { get; set; }
}

/// <summary>One port on one relay address.</summary>
/// <remarks>As its lease.</remarks>
sealed class LeasedPort(PortPool pool, ushort number)
{
    public PortPool Pool { get; } = pool;

    public ushort Number { get; set; } = number;

    public IPFamily Family => Pool.Address.Local.Family;

    /// <summary>What the socket is bound to.</summary>
    public TransportAddress Local => Pool.Address.Local.WithPort(Number);

    /// <summary>What the client is told.</summary>
    public TransportAddress Relayed => Pool.Address.Public.WithPort(Number);
}
