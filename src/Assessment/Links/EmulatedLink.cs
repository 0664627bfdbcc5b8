using System.Net;

namespace Portunus.Assessment.Links;

/// <summary>A relay on 127.0.0.1 that stands for a network between two entities, and counts what passes.</summary>
/// <param name="name">As <see cref="Study.LinkName"/> has it.</param>
/// <param name="from">The entity that opens it, or sends first.</param>
/// <param name="to">The other.</param>
/// <param name="protocol">Such as <c>SIP/WSS</c>.</param>
/// <param name="model">What the network does.</param>
public abstract class EmulatedLink(string name, string from, string to, string protocol, LinkModel model) : IAsyncDisposable
{
    readonly LinkCounter _counter = new();

    public string Name { get; } = name;

    public string From { get; } = from;

    public string To { get; } = to;

    public string Protocol { get; } = protocol;

    /// <summary>Where the opener sends to, instead of to <see cref="Target"/>.</summary>
    public abstract IPEndPoint EndPoint { get; }

    /// <summary>Where it is passed on to; while this is not known, datagrams are dropped and connections refused. What began before a
    /// change goes on to where it began.</summary>
    public IPEndPoint? Target { get; set; }

    /// <summary>All that passed so far.</summary>
    public LinkCounts Snapshot() => _counter.Counts;

    /// <summary>Ends all that passes, at once.</summary>
    public abstract ValueTask DisposeAsync();

    internal LinkModel Model { get; } = model;

    internal LinkCounter Counter => _counter;
}
