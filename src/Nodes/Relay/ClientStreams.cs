using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>The connections of one worker by number, how many there are of each address, and when each is looked at again.</summary>
sealed class ClientStreams(StreamLimits limits) : IDisposable
{
    readonly Dictionary<TransportAddress, Tally> _tallies = [];
    readonly Deadlines<ClientConnection> _deadlines = new();
    readonly Stack<int> _free = new();
    ClientConnection?[] _slots = new ClientConnection?[64];
    int _used;
    int _silent;

    public int Count { get; private set; }

    public Instant? NextDeadline => _deadlines.Next;

    /// <summary>The number that the next one gets.</summary>
    public int NextNumber => _free.TryPeek(out var number) ? number : _used;

    /// <summary>Whether there may be one more of an address.</summary>
    public bool Admits(in TransportAddress client)
    {
        _tallies.TryGetValue(Source(client), out var tally);
        return Count < limits.Most && tally.All < limits.MostOfAddress
            && _silent < limits.MostSilent && tally.Silent < limits.MostSilentOfAddress;
    }

    /// <summary>Keeps it as <see cref="NextNumber"/>.</summary>
    public void Add(Instant now, ClientConnection stream)
    {
        if (!_free.TryPop(out var number)) number = _used++;
        if (number == _slots.Length) Array.Resize(ref _slots, 2 * number);
        _slots[number] = stream;
        Count++;
        _silent++;
        ref var tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_tallies, Source(stream.Path.FiveTuple.Client), out _);
        tally.All++;
        tally.Silent++;
        (stream.Began, stream.LastHeard) = (now, now);
        LookAgain(stream, now + limits.FirstMessage);
    }

    /// <summary>False when the connection is closed; a later one of the same number has another five-tuple.</summary>
    public bool TryGet(int number, in FiveTuple tuple, [NotNullWhen(true)] out ClientConnection? stream)
    {
        stream = number < _slots.Length ? _slots[number] : null;
        return stream is not null && stream.Path.FiveTuple == tuple;
    }

    /// <summary>It has said something that was understood.</summary>
    public void Heard(Instant now, ClientConnection stream)
    {
        stream.LastHeard = now;
        if (stream.HasSpoken) return;
        stream.HasSpoken = true;
        _silent--;
        CollectionsMarshal.GetValueRefOrNullRef(_tallies, Source(stream.Path.FiveTuple.Client)).Silent--;
        LookAgain(stream, now + limits.Idle);
    }

    public void LookAgain(ClientConnection stream, Instant at) => _deadlines.Set(stream, at);

    /// <summary>Gives one that is to be looked at.</summary>
    public bool TryPop(Instant now, [NotNullWhen(true)] out ClientConnection? stream) => _deadlines.TryPop(now, out stream);

    /// <summary>Forgets it; the caller closes it.</summary>
    public void Remove(int number, ClientConnection stream)
    {
        if (_slots[number] != stream) return;
        _slots[number] = null;
        _free.Push(number);
        _deadlines.Cancel(stream);
        Count--;
        if (!stream.HasSpoken) _silent--;
        var source = Source(stream.Path.FiveTuple.Client);
        ref var tally = ref CollectionsMarshal.GetValueRefOrNullRef(_tallies, source);
        if (!stream.HasSpoken) tally.Silent--;
        if (--tally.All == 0) _tallies.Remove(source);
    }

    public void Dispose()
    {
        foreach (var stream in _slots) stream?.Dispose();
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
