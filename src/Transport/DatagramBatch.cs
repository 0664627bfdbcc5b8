using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>
/// Room for a number of received datagrams at once, each in a slot of its own that has space in front of and behind the datagram: what
/// is put around it leaves with it, and no payload is copied. For one thread, on every system.
/// </summary>
/// <remarks>The memory never moves, so the kernel may keep its address. A page that no long datagram reached is never touched.</remarks>
public sealed unsafe class DatagramBatch
{
    /// <summary>The longest datagram of IPv4 carries 65,507 bytes of payload, of IPv6 65,527; a jumbogram is not for this.</summary>
    public const int LongestDatagram = 65535;

    const int CacheLine = 64;

    readonly byte[] _bytes;
    readonly int _first;
    readonly int _stride;
    readonly int[] _lengths;
    readonly TransportAddress[] _senders;
    BatchHeaders? _headers;

    /// <param name="slots">How many datagrams; two more slots get none.</param>
    /// <param name="front">Bytes before each, at least.</param>
    /// <param name="back">Bytes behind the longest, at least.</param>
    public DatagramBatch(int slots, int front, int back)
    {
        Slots = slots;
        var lead = Aligned(front);
        // One line more than needed, if need be, so that slots do not begin alike and compete for the same sets of the cache.
        _stride = Aligned(lead + LongestDatagram + back) | CacheLine;
        _bytes = GC.AllocateUninitializedArray<byte>((_stride * (slots + 2)) + CacheLine, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        _first = lead + (int)((CacheLine - (address % CacheLine)) % CacheLine);
        (_lengths, _senders) = (new int[slots], new TransportAddress[slots]);
    }

    /// <summary>How many datagrams it holds at most.</summary>
    public int Slots { get; }

    /// <summary>How many it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How many more it takes.</summary>
    public int Free => Slots - Count;

    /// <summary>A slot that no datagram gets, for what answers none.</summary>
    public int Spare => Slots;

    /// <summary>Another one, for what leaves before it is written again.</summary>
    public int Scratch => Slots + 1;

    /// <summary>All slots, with what is between them.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Where in <see cref="Bytes"/> the datagram of a slot begins.</summary>
    public int Start(int slot) => _first + (slot * _stride);

    /// <summary>Where a datagram of up to <see cref="LongestDatagram"/> bytes is put before it is added.</summary>
    public Span<byte> Next => _bytes.AsSpan(Start(Count), LongestDatagram);

    public ReadOnlySpan<byte> Datagram(int slot) => _bytes.AsSpan(Start(slot), _lengths[slot]);

    public ref readonly TransportAddress Sender(int slot) => ref _senders[slot];

    /// <summary>What lies in the next slot is a datagram.</summary>
    public void Add(int length, in TransportAddress sender)
    {
        _lengths[Count] = length;
        _senders[Count] = sender;
        Count++;
    }

    /// <summary>Gives all slots back.</summary>
    public void Clear() => Count = 0;

    internal BatchHeaders Headers => _headers ??= new(this);

    internal byte* Address(int offset) => (byte*)Unsafe.AsPointer(ref _bytes[offset]);

    static int Aligned(int bytes) => (bytes + CacheLine - 1) & -CacheLine;
}

/// <summary>A datagram that is to leave.</summary>
/// <param name="Offset">Where it lies in <see cref="DatagramBatch.Bytes"/>.</param>
/// <param name="Length">In bytes.</param>
/// <param name="To">Of the family of the socket.</param>
/// <param name="DontFragment">Whether it must not be fragmented on its way, where the system can see to that.</param>
/// <param name="IsRecord">Whether it is one of DTLS, whose messages were counted when they were put into it.</param>
public readonly record struct Outgoing(int Offset, int Length, TransportAddress To, bool DontFragment, bool IsRecord = false);
