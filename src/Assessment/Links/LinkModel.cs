using System.Diagnostics;
using Portunus.Assessment.Study;

namespace Portunus.Assessment.Links;

/// <summary>What the links of an experiment do to what they carry: docs/networks.md. For many threads.</summary>
/// <param name="seed">Decides, for each link, flow and direction apart, what is lost.</param>
/// <param name="network">May be changed between cells.</param>
public sealed class LinkModel(ulong seed, Network network)
{
    const ulong FnvOffset = 14695981039346656037;
    const ulong FnvPrime = 1099511628211;

    volatile Network _network = network;

    public Network Network
    {
        get => _network;
        set => _network = value;
    }

    internal Timetable Timetable { get; } = new();

    /// <summary>Half of the link's round-trip time.</summary>
    public TimeSpan OneWay(string link) => TimeSpan.FromMilliseconds(Network.RttOf(link) / 2);

    /// <summary>The losses of one direction of a flow.</summary>
    /// <param name="link">Its name.</param>
    /// <param name="flow">A flow is a client's address, or a connection; counted from 0 as they come.</param>
    /// <param name="isUp">From the opener to the other side.</param>
    public LinkChance ChanceOf(string link, int flow, bool isUp)
    {
        var hash = FnvOffset; // FNV-1a: string.GetHashCode differs from run to run.
        foreach (var letter in FormattableString.Invariant($"{link}/{flow}/{(isUp ? "up" : "down")}")) hash = (hash ^ letter) * FnvPrime;
        return new(seed ^ hash);
    }

    /// <summary>In ticks of <see cref="Stopwatch"/>.</summary>
    internal static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
