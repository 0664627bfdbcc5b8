using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>
/// What the workers of a node share about connections and sessions of clients: how many there are, of whom, and whose the five-tuples are.
/// Under one plain lock, which is touched when one begins, is named, is first understood, or ends; no other message touches it.
/// </summary>
/// <param name="limits">May be others later.</param>
/// <param name="balancers">From where a connection begins with a header of the PROXY protocol; may be others later.</param>
sealed class ConnectionLedger(StreamLimits limits, ImmutableArray<AddressRange> balancers)
{
    // Of the memory. The arrays in which it is kept may be twice as long, and what was released counts until it is collected.
    const int ShareOfUnfinished = 16;

    readonly long _mostUnfinished = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfUnfinished;
    readonly Lock _gate = new();
    readonly Dictionary<TransportAddress, Tally> _tallies = [];
    readonly Dictionary<FiveTuple, ClientStream> _streams = [];
    volatile StreamLimits _limits = limits;
    volatile AddressRange[] _balancers = [.. balancers];
    int _all;
    int _silent;
    int _nameless;
    long _unfinished;

    public StreamLimits Limits => _limits;

    /// <summary>Connections and sessions that are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _all;
        }
    }

    /// <summary>Called by any thread. What is open stays, whatever the new limits are.</summary>
    public void Use(StreamLimits limits, ImmutableArray<AddressRange> balancers) => (_limits, _balancers) = (limits, [.. balancers]);

    /// <summary>Whether a connection from there begins with a header, and belongs to whom that names.</summary>
    public bool IsBalancer(in TransportAddress remote)
    {
        foreach (ref readonly var range in _balancers.AsSpan())
            if (range.Contains(remote))
                return true;
        return false;
    }

    /// <summary>Counts one more of a client, silent as yet; false when there are too many.</summary>
    public bool TryAdmit(in TransportAddress client)
    {
        lock (_gate)
        {
            if (_all >= _limits.Most || !TryCount(client)) return false;
            _all++;
            return true;
        }
    }

    /// <summary>Counts one more of which a header is still to say whose it is.</summary>
    /// <remarks>Apart from those of strangers, who could otherwise keep a balancer out; and not by the balancer's address, which all its
    /// clients share.</remarks>
    public bool TryAdmitNameless()
    {
        lock (_gate)
        {
            if (_all >= _limits.Most || _nameless >= _limits.MostSilent) return false;
            _all++;
            _nameless++;
            return true;
        }
    }

    /// <summary>Counts one that was nameless as its client's; false when that one has too many, and then it stays nameless.</summary>
    public bool TryName(in TransportAddress client)
    {
        lock (_gate)
        {
            if (!TryCount(client)) return false;
            _nameless--;
            return true;
        }
    }

    /// <summary>
    /// Writes down whose the five-tuple of a connection is from now on. One that had it before, because a header named the same client for
    /// two connections, is shut down, whichever worker it is of, and hears of it as of an end by its client.
    /// </summary>
    /// <returns>The one before; null when there was none.</returns>
    public ClientStream? Register(ClientStream stream)
    {
        lock (_gate)
        {
            ref var holder = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, stream.Path.FiveTuple, out _);
            var former = holder;
            holder = stream;
            // Under the lock: its owner takes it out of here before it closes the descriptor.
            former?.ShutDown();
            return former;
        }
    }

    /// <summary>Counts what a connection keeps more, or less, of a message that is not whole; false when all of them keep more together
    /// than the memory bears. Waits for nobody.</summary>
    /// <param name="bytes">How much more.</param>
    public bool Keeps(long bytes) => Interlocked.Add(ref _unfinished, bytes) <= _mostUnfinished || bytes <= 0;

    /// <summary>It has said something that was understood, for the first time.</summary>
    public void Spoke(ClientConnection one)
    {
        lock (_gate)
        {
            _silent--;
            CollectionsMarshal.GetValueRefOrNullRef(_tallies, Source(one.Path.FiveTuple.Client)).Silent--;
        }
    }

    /// <summary>Forgets one that was admitted. Before its descriptor is closed.</summary>
    public void End(ClientConnection one)
    {
        if (one is ClientStream { Kept: > 0 } stream) Keeps(-stream.Kept);
        lock (_gate)
        {
            _all--;
            if (one is ClientStream && _streams.GetValueOrDefault(one.Path.FiveTuple) == one) _streams.Remove(one.Path.FiveTuple);
            if (!one.IsNamed)
            {
                _nameless--;
                return;
            }

            if (!one.HasSpoken) _silent--;
            var source = Source(one.Path.FiveTuple.Client);
            ref var tally = ref CollectionsMarshal.GetValueRefOrNullRef(_tallies, source);
            if (!one.HasSpoken) tally.Silent--;
            if (--tally.All == 0) _tallies.Remove(source);
        }
    }

    bool TryCount(in TransportAddress client)
    {
        var source = Source(client);
        _tallies.TryGetValue(source, out var tally);
        if (_silent >= _limits.MostSilent || tally.All >= _limits.MostOfAddress) return false;
        if (tally.Silent >= _limits.MostSilentOfAddress) return false;
        _silent++;
        _tallies[source] = new() { All = tally.All + 1, Silent = tally.Silent + 1 };
        return true;
    }

    /// <summary>An address, or the /64 that one household has.</summary>
    static TransportAddress Source(in TransportAddress client) => client.Family == IPFamily.IPv4
        ? client.WithPort(0)
        : TransportAddress.IPv6(client.AddressBits & (UInt128.MaxValue << 64), 0);

    struct Tally
    {
        public int All;
        public int Silent;
    }
}
