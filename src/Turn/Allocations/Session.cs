using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>A live allocation as an operator sees it.</summary>
public sealed record Session(
    RelayId Relay, FiveTuple Client, TransportAddress Relayed, Subject Subject, Instant Began, Instant ExpiresAt)
{
    /// <summary>The realm that knows its credential.</summary>
    public string Realm { get; init; } = "";

    /// <summary>The IPv6 address of a dual allocation, beside the IPv4 one; null for any other.</summary>
    public TransportAddress? Second { get; init; }

    /// <summary>Whether peers are reached by TCP (RFC 6062), and not by UDP.</summary>
    public bool IsTcp { get; init; }

    /// <summary>What it had relayed at the moment when it was looked at.</summary>
    public Traffic Traffic { get; init; }
}
