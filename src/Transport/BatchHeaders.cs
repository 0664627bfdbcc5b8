using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portunus.Transport;

/// <summary>
/// What the kernel reads and writes beside the bytes of a <see cref="DatagramBatch"/>: one header a slot for receiving, made once, and
/// as many for sending. They lie in memory that never moves.
/// </summary>
sealed unsafe class BatchHeaders
{
    // Aligned to what follows; an address has 28 bytes.
    const int NameRoom = 32;

    readonly DatagramBatch _batch;
    readonly Libc.BatchHeader[] _received;
    readonly Libc.BatchHeader[] _sent;
    readonly Libc.Vector[] _vectors;
    readonly byte[] _names;

    public BatchHeaders(DatagramBatch batch)
    {
        _batch = batch;
        Capacity = batch.Slots;
        _received = GC.AllocateArray<Libc.BatchHeader>(Capacity, pinned: true);
        _sent = GC.AllocateArray<Libc.BatchHeader>(Capacity, pinned: true);
        _vectors = GC.AllocateArray<Libc.Vector>(2 * Capacity, pinned: true);
        _names = GC.AllocateArray<byte>(2 * Capacity * NameRoom, pinned: true);
        for (var i = 0; i < Capacity; i++)
        {
            Wire(ref _received[i].Message, i);
            Wire(ref _sent[i].Message, Capacity + i);
            _received[i].Message.NameLength = KernelAddress.Size;
            _vectors[i] = new() { Base = batch.Address(batch.Start(i)), Length = DatagramBatch.LongestDatagram };
        }
    }

    /// <summary>How many datagrams are sent by one call at most.</summary>
    public int Capacity { get; }

    /// <summary>The headers of the slots that are free; there must be one.</summary>
    public Libc.BatchHeader* NextReceived => Pointer(ref _received[_batch.Count]);

    public Libc.BatchHeader* Sent => Pointer(ref _sent[0]);

    /// <summary>The kernel has filled the next free slots.</summary>
    public void Add(int count)
    {
        for (; count > 0; count--)
        {
            ref var header = ref _received[_batch.Count];
            header.Message.NameLength = KernelAddress.Size; // The kernel wrote how much it used.
            _batch.Add((int)header.Length, KernelAddress.Read(new(header.Message.Name, KernelAddress.Size)));
        }
    }

    /// <summary>Prepares one header for sending.</summary>
    public void Write(int index, in Outgoing datagram)
    {
        ref var message = ref _sent[index].Message;
        message.NameLength = KernelAddress.Write(new(message.Name, KernelAddress.Size), datagram.To);
        *message.Vectors = new() { Base = _batch.Address(datagram.Offset), Length = (nuint)datagram.Length };
    }

    void Wire(ref Libc.MessageHeader message, int place)
    {
        message.Vectors = Pointer(ref _vectors[place]);
        message.VectorCount = 1;
        message.Name = Pointer(ref _names[place * NameRoom]);
    }

    static T* Pointer<T>(ref T pinned) where T : unmanaged => (T*)Unsafe.AsPointer(ref pinned);
}
