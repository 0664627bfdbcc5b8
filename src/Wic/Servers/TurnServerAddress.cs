using Portunus.Bedrock;

namespace Portunus.Wic;

/// <summary>One server to try.</summary>
/// <param name="Transport">What to speak over.</param>
/// <param name="Address">Where it is.</param>
public sealed record TurnServerAddress(TurnTransport Transport, TransportAddress Address)
{
    public override string ToString() => $"{Transport.ToString().ToLowerInvariant()}:{Address}";
}
