using System.Buffers.Binary;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// What edge and TURN server say to each other over a stream of theirs, without HTTP around it: a world carries bytes and never looks
/// inside, so a letter goes by its number.
/// </summary>
sealed class Letters
{
    /// <summary>Each is one segment, as its statement in HTTP/2 or ng is, and no more depends on its size.</summary>
    const int Size = 400;

    readonly List<object> _letters = [];

    public byte[] Send(object letter)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, _letters.Count);
        _letters.Add(letter);
        return bytes;
    }

    public object Open(ReadOnlyMemory<byte> bytes) => _letters[BinaryPrimitives.ReadInt32BigEndian(bytes.Span)];
}
