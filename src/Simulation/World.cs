using System.Text;
using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>
/// A world in virtual time: nodes with their own wall clocks, links that delay, lose and reorder, faults at given
/// moments, and laws that are checked after every event. The same seed gives the same run, to the byte.
/// </summary>
/// <remarks>
/// All chance is the seed's, so a node takes its <see cref="IRandom"/> from <see cref="Chance"/>. A world whose law broke
/// stands still: what it would show after that proves nothing.
/// </remarks>
public sealed partial class World
{
    /// <summary>2026-01-01T00:00:00Z: any date will do, as long as every run has the same.</summary>
    const long Epoch = 1_767_225_600;

    /// <summary>More events than this without time going on is two nodes answering each other for ever.</summary>
    const int EventsPerInstant = 100_000;

    const string TimeGoesOn = "time goes on";
    const string DeadlineInFuture = "after OnDeadline a node's next deadline lies in the future";
    const string NothingThrown = "no node throws";

    readonly PriorityQueue<Event, (long Ticks, ulong Order)> _events = new();
    readonly Deadlines<NodeRef> _deadlines = new();
    readonly List<NodeRef> _nodes = [];
    readonly List<(string Sentence, Func<bool> Holds)> _laws = [];
    readonly Trace _trace = new();
    readonly string? _repeat;
    ulong _order;
    int _atThisInstant;

    /// <param name="seed">All chance of this world.</param>
    /// <param name="repeat">The command that repeats this run; printed when a law breaks.</param>
    public World(ulong seed, string? repeat = null) =>
        (Seed, Chance, _links, _repeat) = (seed, new SeededRandom(seed), new SeededRandom(~seed), repeat);

    public ulong Seed { get; }

    /// <summary>For building the scenario; the links draw from a generator of their own.</summary>
    public SeededRandom Chance { get; }

    /// <summary>The world's clock; a node's wall may differ.</summary>
    public Instant Now { get; private set; } = Instant.FromUnixSeconds(Epoch);

    /// <summary>In the order they were added.</summary>
    public IReadOnlyList<NodeRef> Nodes => _nodes;

    /// <summary>How many events have happened: deliveries, deadlines, faults.</summary>
    public long Events { get; private set; }

    /// <summary>A digest over everything that happened so far; equal for equal seeds.</summary>
    public ulong Hash => _trace.Hash;

    /// <param name="name">As it stands in traces.</param>
    /// <param name="node">Driven by this world alone.</param>
    /// <param name="host">The node's address; all its ports are the node's, the port given here is ignored.</param>
    /// <param name="wallSkew">How far its wall clock is ahead.</param>
    public NodeRef Add(string name, INode node, TransportAddress host, TimeSpan wallSkew = default)
    {
        var added = new NodeRef(_nodes.Count, name, node, wallSkew);
        _nodes.Add(added);
        Host(added, host);
        return added;
    }

    /// <summary>A sentence that must be true after every event.</summary>
    public void Law(string sentence, Func<bool> holds) => _laws.Add((sentence, holds));

    /// <summary>Does something to the world at a moment: cut a link, stop a node, set a clock.</summary>
    /// <param name="offset">From now.</param>
    /// <param name="name">As it stands in traces.</param>
    /// <param name="fault">Done once; every node is drained after it.</param>
    public void At(TimeSpan offset, string name, Action fault) => Schedule(Now + offset, new Event(name, fault));

    /// <summary>Adds a line to the trace: what a test knows of an event and the bytes do not show.</summary>
    public void Note(string subject, string what) => _trace.Add(Now, subject, what);

    /// <summary>What <paramref name="node"/> reads on its clocks now.</summary>
    public Instant Clock(NodeRef node) => node.Clock(Now);

    /// <summary>When a node is next woken; null when nothing is due there.</summary>
    public Instant? DeadlineOf(NodeRef node) => _deadlines.TryGet(node, out var at) ? at : null;

    /// <summary>Sets a node's wall clock; its monotonic clock goes on as before.</summary>
    public void SetWallSkew(NodeRef node, TimeSpan skew) => node.WallSkew = skew;

    /// <summary>The node runs no more: what reaches it is lost, its streams end, its deadlines wait.</summary>
    public void Stop(NodeRef node)
    {
        node.Running = false;
        _deadlines.Cancel(node);
        foreach (var stream in _streams.Where(s => s.Touches(node)).ToList()) Break(stream, TimeSpan.Zero, TimeSpan.Zero);
    }

    /// <summary>The node runs again, with all that it remembers.</summary>
    public void Start(NodeRef node)
    {
        node.Running = true;
        Settle(node);
    }

    /// <summary>Lets <paramref name="span"/> go by.</summary>
    /// <exception cref="LawBroken">A law does not hold, or a node threw.</exception>
    public void RunFor(TimeSpan span)
    {
        var end = Now + span;
        foreach (var node in _nodes) Settle(node);
        CheckLaws();
        while (NextEvent() is { } at && at <= end) Step(at);
        Now = end;
    }

    Instant? NextEvent()
    {
        if (!_events.TryPeek(out _, out var first)) return _deadlines.Next;
        return _deadlines.Next is { } deadline && deadline.MonotonicTicks < first.Ticks ? deadline : Moment(first.Ticks);
    }

    void Step(Instant at)
    {
        _atThisInstant = at == Now ? _atThisInstant + 1 : 0;
        Now = Moment(at.MonotonicTicks);
        Events++;
        if (_events.TryPeek(out _, out var first) && first.Ticks <= at.MonotonicTicks) Happen(_events.Dequeue());
        else if (_deadlines.TryPop(at, out var node)) Wake(node);
        if (_atThisInstant > EventsPerInstant) throw Broken(TimeGoesOn);
        CheckLaws();
    }

    void Happen(in Event happening)
    {
        if (happening.Fault is { } fault)
        {
            _trace.Add(Now, happening.Name, "happens");
            Guard(happening.Name, fault);
            foreach (var node in _nodes) Settle(node);
            return;
        }

        Deliver(happening);
    }

    void Wake(NodeRef node)
    {
        _trace.Add(Now, node.Name, "deadline");
        var now = node.Clock(Now);
        Guard(node.Name, () => node.Node.OnDeadline(now));
        if (node.Node.NextDeadline is { } next && next <= now) throw Broken($"{DeadlineInFuture}: {node}");
        Settle(node);
    }

    /// <summary>The drain that follows every input: what leaves is carried, and the next deadline noted.</summary>
    void Settle(NodeRef node)
    {
        if (!node.Running) return;
        while (node.Node.TryTake(out var parcel)) Carry(node, parcel);
        if (node.Node.NextDeadline is { } next) _deadlines.Set(node, next < Now ? Now : next);
        else _deadlines.Cancel(node);
    }

    void CheckLaws()
    {
        foreach (var (sentence, holds) in _laws)
            if (!holds()) throw Broken(sentence);
    }

    void Guard(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception thrown) when (thrown is not LawBroken)
        {
            throw Broken($"{NothingThrown}: {name}", thrown);
        }
    }

    LawBroken Broken(string sentence, Exception? inner = null)
    {
        var text = new StringBuilder();
        text.AppendLine($"Broken: {sentence}");
        text.AppendLine($"seed {Seed}, at {TimeSpan.FromTicks(Now.MonotonicTicks):c}, event {Events}");
        if (inner is not null) text.AppendLine($"{inner.GetType().Name}: {inner.Message}");
        if (_repeat is not null) text.AppendLine($"repeat with: {_repeat}");
        _trace.WriteTo(text);
        return new LawBroken(sentence, text.ToString(), inner);
    }

    Instant Moment(long ticks) => Instant.FromUnixSeconds(Epoch) + TimeSpan.FromTicks(ticks);

    void Schedule(Instant at, in Event happening) => _events.Enqueue(happening, (at.MonotonicTicks, ++_order));

    /// <summary>Either a fault or a delivery.</summary>
    readonly record struct Event(string Name, Action? Fault, NodeRef? To = null, Parcel Parcel = default, Stream? Stream = null);
}
