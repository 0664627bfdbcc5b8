using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>Links, and how they carry.</summary>
public sealed partial class World
{
    /// <summary>
    /// After this whoever opens a stream over no link is told that it has ended: two SYNs went unanswered (RFC 6298 §2).
    /// </summary>
    static readonly TimeSpan Unreachable = TimeSpan.FromSeconds(3);

    SeededRandom _links;
    readonly Dictionary<TransportAddress, NodeRef> _hosts = [];
    readonly Dictionary<(int From, int To), Direction> _directions = [];
    readonly List<Stream> _streams = [];

    /// <summary>How often it was drawn whether a datagram or a segment is lost, over links that lose some.</summary>
    public long LossDraws { get; private set; }

    /// <summary>
    /// From now on links draw from another seed: so what they do from here on can be repeated whatever they did before, and the
    /// <see cref="LossDraws"/> to come are the first of that seed's, where no link has another chance than of loss.
    /// </summary>
    public void ReseedLinks(ulong seed) => _links = new(seed);

    /// <summary>Gives <paramref name="node"/> one more address, with all its ports.</summary>
    public void Host(NodeRef node, TransportAddress address) => _hosts.Add(address.WithPort(0), node);

    /// <summary>Joins two nodes, or gives their link a new shape. Nodes without a link do not reach each other.</summary>
    public void Link(NodeRef a, NodeRef b, LinkShape shape)
    {
        shape.Validate();
        Toward(a, b).Shape = shape;
        Toward(b, a).Shape = shape;
    }

    /// <summary>
    /// Takes the link away. Its streams end; each side notices after its own time, and sends into the void until then.
    /// </summary>
    public void Cut(NodeRef a, NodeRef b, TimeSpan aNotices, TimeSpan bNotices)
    {
        Toward(a, b).Shape = null;
        Toward(b, a).Shape = null;
        foreach (var stream in _streams.Where(s => s.Touches(a) && s.Touches(b)).ToList())
            Break(stream, stream.Opener == a ? aNotices : bNotices, stream.Opener == a ? bNotices : aNotices);
    }

    void Carry(NodeRef from, in Parcel parcel)
    {
        if (!_hosts.TryGetValue(parcel.From.WithPort(0), out var owner) || owner != from)
            throw new InvalidOperationException($"{from} sends from {parcel.From}, which is not its address.");
        _trace.Add(Now, from.Name, "sends", parcel);
        if (!_hosts.TryGetValue(parcel.To.WithPort(0), out var to)) return;
        if (parcel.Kind == ParcelKind.Datagram) CarryDatagram(from, to, parcel);
        else CarryStream(from, to, parcel);
    }

    void CarryDatagram(NodeRef from, NodeRef to, in Parcel parcel)
    {
        var direction = Toward(from, to);
        if (direction.Shape is not { } shape || Loses(shape)) return;
        if (!direction.TryTransmit(Now, parcel.Bytes.Length, shape.Queue, out var sent)) return;
        var copies = _links.Chance(shape.Duplicates) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var held = _links.Chance(shape.Reordering) ? shape.Delay : TimeSpan.Zero;
            Schedule(sent + shape.Delay + _links.Within(shape.Jitter) + held, new Event(to.Name, null, to, parcel));
        }
    }

    void CarryStream(NodeRef from, NodeRef to, in Parcel parcel)
    {
        var direction = Toward(from, to);
        if (direction.Shape is not { } shape)
        {
            if (parcel.Kind == ParcelKind.Opened)
                Schedule(Now + Unreachable, new Event(from.Name, null, from, Parcel.Close(parcel.To, parcel.From)));
            return;
        }

        if (parcel.Kind == ParcelKind.Opened) _streams.Add(new Stream(from, to, parcel.From, parcel.To));
        if (Find(parcel) is not { } stream || !stream.MaySend(parcel)) return;
        // A stream waits for its link's rate, however long the queue.
        direction.TryTransmit(Now, parcel.Bytes.Length, TimeSpan.MaxValue, out var sent);
        var arrival = sent + shape.Delay + _links.Within(shape.Jitter);
        arrival += Recovery(shape, parcel.Bytes.Length);
        Schedule(stream.InOrder(parcel, arrival), new Event(to.Name, null, to, parcel, stream));
    }

    bool Loses(LinkShape shape)
    {
        if (shape.Loss > 0) LossDraws++;
        return _links.Chance(shape.Loss);
    }

    /// <summary>What the losses of a message's segments cost: all of it is there when the last of them is.</summary>
    TimeSpan Recovery(LinkShape shape, int bytes)
    {
        var longest = TimeSpan.Zero;
        var segments = shape.SegmentBytes == 0 ? 1 : Math.Max(1, (bytes + shape.SegmentBytes - 1) / shape.SegmentBytes);
        for (var segment = 0; segment < segments; segment++)
        {
            var (added, wait) = (TimeSpan.Zero, shape.Retransmission);
            // TCP goes on trying; a link that loses everything is cut, not shaped.
            for (var tries = 0; tries < 10 && Loses(shape); tries++)
            {
                added += wait;
                if (shape.LongestRetransmission is { } most) wait = wait * 2 < most ? wait * 2 : most;
            }

            if (added > longest) longest = added;
        }

        return longest;
    }

    void Deliver(in Event delivery)
    {
        var (to, parcel) = (delivery.To!, delivery.Parcel);
        var lost = !to.Running || (delivery.Stream is { } stream && !stream.MayArrive(parcel));
        _trace.Add(Now, to.Name, lost ? "misses" : "gets", parcel);
        if (delivery.Stream is not null && parcel.Kind == ParcelKind.Closed) _streams.Remove(delivery.Stream);
        if (lost) return;
        var now = to.Clock(Now);
        Guard(to.Name, () => to.Node.OnMessage(now, parcel));
        Settle(to);
    }

    void Break(Stream stream, TimeSpan openerNotices, TimeSpan otherNotices)
    {
        stream.Broken = true;
        _streams.Remove(stream);
        var (here, there) = (Parcel.Close(stream.To, stream.From), Parcel.Close(stream.From, stream.To));
        Schedule(Now + openerNotices, new Event(stream.Opener.Name, null, stream.Opener, here));
        Schedule(Now + otherNotices, new Event(stream.Other.Name, null, stream.Other, there));
    }

    Stream? Find(in Parcel parcel)
    {
        foreach (var stream in _streams)
            if (stream.Joins(parcel)) return stream;
        return null;
    }

    Direction Toward(NodeRef from, NodeRef to)
    {
        if (_directions.TryGetValue((from.Index, to.Index), out var direction)) return direction;
        // A node reaches itself without a link.
        direction = new Direction { Shape = from == to ? LinkShape.Perfect : null };
        return _directions[(from.Index, to.Index)] = direction;
    }

    /// <summary>One way of a link; without a shape nothing passes.</summary>
    sealed class Direction
    {
        Instant _busyUntil;

        public LinkShape? Shape { get; set; }

        /// <summary>Waits for the bits before; false when that takes longer than <paramref name="queue"/>.</summary>
        public bool TryTransmit(Instant now, int bytes, TimeSpan queue, out Instant sent)
        {
            sent = now;
            if (Shape is not { BitsPerSecond: > 0 and var rate }) return true;
            var start = _busyUntil > now ? _busyUntil : now;
            if (start - now > queue) return false;
            sent = _busyUntil = start + TimeSpan.FromTicks(bytes * 8 * TimeSpan.TicksPerSecond / rate);
            return true;
        }
    }

    /// <summary>A stream from the one who opened it to the other.</summary>
    sealed class Stream(NodeRef opener, NodeRef other, TransportAddress from, TransportAddress to)
    {
        Instant _lastToOther;
        Instant _lastToOpener;
        bool _openerClosed;
        bool _otherClosed;

        public NodeRef Opener => opener;

        public NodeRef Other => other;

        public TransportAddress From => from;

        public TransportAddress To => to;

        public bool Broken { get; set; }

        public bool Touches(NodeRef node) => node == opener || node == other;

        public bool Joins(in Parcel parcel) =>
            (parcel.From == from && parcel.To == to) || (parcel.From == to && parcel.To == from);

        /// <summary>Nothing follows a close on its way; the close itself is noted here.</summary>
        public bool MaySend(in Parcel parcel)
        {
            ref var closed = ref parcel.From == from ? ref _openerClosed : ref _otherClosed;
            if (closed) return false;
            closed = parcel.Kind == ParcelKind.Closed;
            return true;
        }

        /// <summary>Who has closed listens no more.</summary>
        public bool MayArrive(in Parcel parcel) => !Broken && !(parcel.From == from ? _otherClosed : _openerClosed);

        /// <summary>Not before what was sent before it.</summary>
        public Instant InOrder(in Parcel parcel, Instant arrival)
        {
            ref var last = ref parcel.From == from ? ref _lastToOther : ref _lastToOpener;
            if (arrival > last) last = arrival;
            return last;
        }
    }
}
