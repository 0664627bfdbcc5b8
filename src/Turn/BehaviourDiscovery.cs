using System.Collections.Immutable;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Two addresses of this machine with the same two ports at each, so that clients can find out how their NAT maps and
/// filters (RFC 5780 §6). UDP alone.</summary>
/// <param name="Primary">The first address and port.</param>
/// <param name="Alternate">Another address of the same family, and another port.</param>
public sealed record BehaviourDiscovery(TransportAddress Primary, TransportAddress Alternate)
{
    /// <summary>What is added to a place for "change IP".</summary>
    internal const int OtherIP = 2;

    /// <summary>What is added to a place for "change port".</summary>
    internal const int OtherPort = 1;

    /// <summary>All four, each at the place of its bits.</summary>
    public ImmutableArray<TransportAddress> Addresses { get; } =
        [Primary, Primary.WithPort(Alternate.Port), Alternate.WithPort(Primary.Port), Alternate];

    /// <summary>The loop's number of the listener at each of <see cref="Addresses"/>; empty until they are bound.</summary>
    public ImmutableArray<int> Listeners { get; init; } = [];

    /// <summary>Everything wrong with it, in sentences.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (Primary.Family == IPFamily.None || Primary.Family != Alternate.Family || Primary.SameAddress(Alternate))
            yield return "Behaviour discovery needs two addresses of one family.";
        if (Primary.Port == 0 || Alternate.Port == 0 || Primary.Port == Alternate.Port)
            yield return "Behaviour discovery needs two ports, neither of them 0.";
    }
}
