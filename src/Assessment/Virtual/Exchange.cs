using System.Buffers.Binary;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// A question and its answer over a stream of which only the sizes are known: a flight of a handshake, or an exchange of HTTPS. It
/// is on the wire as so many bytes, of which the first are what the other side is to answer.
/// </summary>
/// <param name="Up">Bytes of the question.</param>
/// <param name="Down">Bytes of the answer.</param>
readonly record struct Exchange(int Up, int Down)
{
    /// <summary>No SIP message begins with it.</summary>
    const byte Mark = 0;

    const int HeaderLength = 17;

    /// <summary>A packet with no more than a header: a SYN, a SYN-ACK, an acknowledgement.</summary>
    public static readonly Exchange Bare = new(1, 1);

    /// <summary>Questions that the other side must ask of a third before it can answer.</summary>
    public int Behind { get; init; }

    /// <summary>Of each of them.</summary>
    public int BehindUp { get; init; }

    /// <summary>As <see cref="BehindUp"/>.</summary>
    public int BehindDown { get; init; }

    public byte[] ToQuestion()
    {
        var bytes = new byte[Math.Max(HeaderLength, Up)];
        bytes[0] = Mark;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), Down);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Behind);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), BehindUp);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(13), BehindDown);
        return bytes;
    }

    public byte[] ToAnswer() => new byte[Math.Max(1, Down)];

    /// <summary>Whether these bytes are of an exchange, and not a SIP message.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes is [Mark, ..];

    public static bool TryReadQuestion(ReadOnlySpan<byte> bytes, out Exchange exchange)
    {
        exchange = default;
        if (!Is(bytes) || bytes.Length < HeaderLength) return false;
        exchange = new(bytes.Length, BinaryPrimitives.ReadInt32BigEndian(bytes[1..]))
        {
            Behind = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]),
            BehindUp = BinaryPrimitives.ReadInt32BigEndian(bytes[9..]),
            BehindDown = BinaryPrimitives.ReadInt32BigEndian(bytes[13..]),
        };
        return true;
    }
}
