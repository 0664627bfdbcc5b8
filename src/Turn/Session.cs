using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>A live allocation as an operator sees it.</summary>
public sealed record Session(
    RelayId Relay, FiveTuple Client, TransportAddress Relayed, Subject Subject, Instant Began, Instant ExpiresAt);
