using System.Buffers;
using System.Buffers.Binary;

namespace Portunus.Stun;

/// <summary>
/// Cuts a stream (TCP, or TLS over TCP) into STUN messages and ChannelData: each says its own length, and nothing stands between them
/// (RFC 8489 §6.2.2, RFC 8656 §12.5).
/// </summary>
/// <remarks>
/// <code>while (framing.TryTake(ref piece, out var message)) server.OnClient(now, path, message, head);
/// if (framing.Fault != StreamFault.None) close();</code>
/// A message that lies whole in the piece is a view on it. Only what a piece leaves unfinished is copied, into an array that grows with
/// what has come, never with what a header claims, and that goes back to the pool when the message is whole. One thread.
/// </remarks>
/// <param name="mostLength">Of a message, without padding.</param>
public sealed class StreamFraming(int mostLength = StreamFraming.MostLength) : IDisposable
{
    /// <summary>The longest ChannelData, padding aside. No datagram is longer, so no STUN message need be (bytes).</summary>
    public const int MostLength = ChannelData.HeaderLength + ushort.MaxValue;

    const int FirstRoom = 256;

    // With eight bytes the cookie of a STUN message has been seen.
    const int CookieSeenAt = 8;

    byte[] _kept = [];
    int _keptLength;
    int _taken;

    /// <summary>Once set it stays, and no further message comes.</summary>
    public StreamFault Fault { get; private set; }

    /// <summary>Bytes of a message that has begun; 0 between messages. It shows a client that stays in the middle of one.</summary>
    public int Unfinished => _keptLength - _taken;

    /// <summary>
    /// Gives the next whole message; false when all of <paramref name="piece"/> has been taken in and no message is whole, or at a
    /// <see cref="Fault"/>.
    /// </summary>
    /// <param name="piece">What came from the stream; moved past what was taken.</param>
    /// <param name="message">Without padding; until the next call, and as long as the piece.</param>
    public bool TryTake(ref ReadOnlySpan<byte> piece, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_taken > 0) Release();
        if (Fault != StreamFault.None) return false;

        if (_keptLength == 0)
        {
            if (!TryMeasure(piece, out var length, out var padded)) return false;
            if (padded > 0 && padded <= piece.Length)
            {
                message = piece[..length];
                piece = piece[padded..];
                return true;
            }
        }

        while (!piece.IsEmpty)
        {
            // First to the end of the header, which says how much more belongs to the message.
            if (!TryMeasure(Kept, out _, out var padded)) return false;
            var wanted = padded > 0 ? padded : _keptLength < ChannelData.HeaderLength ? ChannelData.HeaderLength : CookieSeenAt;
            if (!TryKeep(ref piece, wanted - _keptLength)) return Fail(StreamFault.NoMemory);
            if (!TryMeasure(Kept, out var length, out padded)) return false;
            if (padded == 0 || _keptLength < padded) continue;
            message = Kept[..length];
            _taken = _keptLength;
            return true;
        }

        return false;
    }

    /// <summary>Gives the array back; the stream has ended.</summary>
    public void Dispose() => Release();

    ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _keptLength);

    /// <summary>False at a fault. The lengths are 0 as long as the header does not tell them.</summary>
    bool TryMeasure(ReadOnlySpan<byte> bytes, out int length, out int padded)
    {
        (length, padded) = (0, 0);
        if (bytes.IsEmpty) return true;
        var isChannelData = bytes[0] >> 6 == 0b01;
        // A number of 0x5000 to 0x7FFF has a length too: RFC 8656 §12.6 discards the message, not the connection.
        if (!isChannelData && bytes.Demultiplex() != FirstByte.Stun) return Fail(StreamFault.NeitherKind);
        if (bytes.Length < ChannelData.HeaderLength) return true;
        var claimed = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (!isChannelData)
        {
            if (claimed % 4 != 0) return Fail(StreamFault.BadLength);
            if (StunMessage.HeaderLength + claimed > mostLength) return Fail(StreamFault.TooLong);
            if (bytes.Length < CookieSeenAt) return true;
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != StunMessage.MagicCookie) return Fail(StreamFault.BadCookie);
            length = padded = StunMessage.HeaderLength + claimed;
            return true;
        }

        if (ChannelData.HeaderLength + claimed > mostLength) return Fail(StreamFault.TooLong);
        length = ChannelData.HeaderLength + claimed;
        padded = length + ChannelData.PaddingOf(claimed);
        return true;
    }

    bool Fail(StreamFault fault)
    {
        Fault = fault;
        Release();
        return false;
    }

    /// <summary>False when there is no memory for it: of all that a server keeps, this is what strangers can make it keep most of, and the
    /// one whose connection is closed is no great loss.</summary>
    bool TryKeep(ref ReadOnlySpan<byte> piece, int most)
    {
        var taken = piece[..Math.Min(most, piece.Length)];
        if (_keptLength + taken.Length > _kept.Length)
        {
            if (TryRent(Room(taken.Length, most)) is not { } larger) return false;
            Kept.CopyTo(larger);
            if (_kept.Length > 0) ArrayPool<byte>.Shared.Return(_kept);
            _kept = larger;
        }

        taken.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += taken.Length;
        piece = piece[taken.Length..];
        return true;
    }

    /// <summary>For twice what has come, but no more than the message can have.</summary>
    int Room(int taken, int most) => Math.Max(FirstRoom, Math.Min(2 * (_keptLength + taken), _keptLength + most));

    static byte[]? TryRent(int length)
    {
        try
        {
            return ArrayPool<byte>.Shared.Rent(length);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    void Release()
    {
        if (_kept.Length > 0) ArrayPool<byte>.Shared.Return(_kept);
        (_kept, _keptLength, _taken) = ([], 0, 0);
    }
}
