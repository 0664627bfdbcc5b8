using System.Buffers;

namespace Portunus.Nodes.Relay;

/// <summary>Bytes that wait to be sent, as one run. The memory goes back to the pool whenever none wait. For one thread.</summary>
sealed class ByteQueue : IDisposable
{
    const int FirstRoom = 2048;

    byte[] _bytes = [];
    int _start;

    public int Length { get; private set; }

    /// <summary>What waits; until the next call of anything.</summary>
    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_start + Length + bytes.Length > _bytes.Length) MakeRoom(Length + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_start + Length));
        Length += bytes.Length;
    }

    /// <summary>The first of them were sent.</summary>
    public void Remove(int count)
    {
        (_start, Length) = (_start + count, Length - count);
        if (Length == 0) Dispose();
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, Length) = ([], 0, 0);
    }

    void MakeRoom(int needed)
    {
        // What was sent leaves a gap; only when that does not do is there a larger array.
        var target = needed <= _bytes.Length ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(FirstRoom, 2 * needed));
        Waiting.CopyTo(target);
        if (target != _bytes && _bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start) = (target, 0);
    }
}
