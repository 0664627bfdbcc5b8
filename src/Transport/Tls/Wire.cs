using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>
/// What lies between a session and the wire, in native memory, since OpenSSL reads and writes it by callbacks: the bytes that are being
/// taken in, which stay the caller's, and those that wait to go out.
/// </summary>
unsafe struct Wire
{
    // Before each outgoing datagram; a stream has none.
    public const int DatagramHeader = sizeof(ushort);

    const int FirstRoom = 512;

    byte* _in;
    int _inLeft;
    byte* _out;
    int _outAt;
    int _outEnd;
    int _outRoom;
    int _most;
    bool _isDatagrams;

    /// <summary>Bytes given by the caller that OpenSSL has not asked for.</summary>
    public readonly int InLeft => _inLeft;

    public readonly int OutLength => _outEnd - _outAt;

    /// <summary>Something did not fit; the session is over then.</summary>
    public bool HasOverflowed { get; private set; }

    /// <param name="most">Bytes that may wait to go out.</param>
    /// <param name="isDatagrams">Whether what is written and read are whole datagrams.</param>
    public static Wire* New(int most, bool isDatagrams)
    {
        var wire = (Wire*)NativeMemory.AllocZeroed((nuint)sizeof(Wire));
        (wire->_most, wire->_isDatagrams) = (most, isDatagrams);
        return wire;
    }

    public static void Free(Wire* wire)
    {
        NativeMemory.Free(wire->_out);
        NativeMemory.Free(wire);
    }

    public void Offer(byte* bytes, int length)
    {
        _in = bytes;
        _inLeft = length;
    }

    /// <summary>Bytes for OpenSSL: as many as it asks for, or one datagram, cut to what it has room for; -1 when none are left.</summary>
    public int Take(byte* destination, int most)
    {
        if (_in == null || _inLeft == 0) return -1;
        var taken = Math.Min(_inLeft, most);
        new ReadOnlySpan<byte>(_in, taken).CopyTo(new(destination, taken));
        _in += taken;
        _inLeft = _isDatagrams ? 0 : _inLeft - taken;
        return taken;
    }

    /// <summary>Bytes of OpenSSL for the wire, all or none.</summary>
    public bool TryPut(byte* source, int length)
    {
        var header = _isDatagrams ? DatagramHeader : 0;
        if ((uint)length > ushort.MaxValue || OutLength + header + length > _most || !TryMakeRoom(header + length))
        {
            HasOverflowed = true;
            return false;
        }

        if (_isDatagrams) MemoryMarshal.Write(new Span<byte>(_out + _outEnd, header), (ushort)length);
        new ReadOnlySpan<byte>(source, length).CopyTo(new(_out + _outEnd + header, length));
        _outEnd += header + length;
        return true;
    }

    /// <summary>What waits to go out, from its beginning.</summary>
    public readonly ReadOnlySpan<byte> Out => new(_out + _outAt, OutLength);

    /// <summary>Takes bytes away that went out; nothing is held on to when all have.</summary>
    public void Sent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)OutLength);
        _outAt += count;
        if (_outAt < _outEnd) return;
        // An idle session holds no buffer.
        NativeMemory.Free(_out);
        _out = null;
        _outAt = _outEnd = _outRoom = 0;
    }

    bool TryMakeRoom(int more)
    {
        if (_outEnd + more <= _outRoom) return true;
        if (_outAt > 0)
        {
            Buffer.MemoryCopy(_out + _outAt, _out, _outRoom, OutLength);
            (_outAt, _outEnd) = (0, OutLength);
            if (_outEnd + more <= _outRoom) return true;
        }

        var room = Math.Max(FirstRoom, Math.Max(2 * _outRoom, _outEnd + more));
        try
        {
            _out = (byte*)NativeMemory.Realloc(_out, (nuint)room);
        }
        catch (OutOfMemoryException)
        {
            // Below us is OpenSSL, through which no exception may pass.
            return false;
        }

        _outRoom = room;
        return true;
    }
}
