using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>A request or an answer of Diameter (RFC 6733 §3).</summary>
/// <param name="Flags">R, P, E and T in the upper four bits.</param>
/// <param name="Command">What it is about.</param>
/// <param name="Application">0 for the base protocol, <see cref="Cx"/> for Cx.</param>
/// <param name="HopByHop">An answer has that of its request.</param>
/// <param name="EndToEnd">As <paramref name="HopByHop"/>, over relays too.</param>
/// <param name="Avps">The attributes.</param>
sealed record DiameterMessage(
    byte Flags, DiameterCommand Command, uint Application, uint HopByHop, uint EndToEnd, AvpList Avps)
{
    /// <summary>The application of Cx and Dx (TS 29.229 §6).</summary>
    public const uint Cx = 16777216;

    public const int HeaderLength = 20;

    /// <summary>A user profile has some kB; no message that is read here is longer.</summary>
    public const int Longest = 65536;

    const byte RequestFlag = 0x80;
    const byte ProxiableFlag = 0x40;
    const byte Version = 1;

    public bool IsRequest => (Flags & RequestFlag) != 0;

    public string? Text(AvpName name) => Avps[name]?.Text;

    public uint? Number(AvpName name) => Avps[name]?.Number;

    /// <summary>How long the message is that begins so; false when it can be none.</summary>
    /// <param name="start">Four bytes at least.</param>
    /// <param name="length">In bytes, header included.</param>
    public static bool TryReadLength(ReadOnlySpan<byte> start, out int length)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(start);
        length = (int)(word & 0xFFFFFF);
        return word >> 24 == Version && length is >= HeaderLength and <= Longest && length % 4 == 0;
    }

    /// <summary>Reads one whole message; false when it is malformed.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out DiameterMessage? message)
    {
        message = null;
        if (bytes.Length < HeaderLength || !TryReadLength(bytes.Span, out var length) || length != bytes.Length) return false;
        if (!AvpList.TryRead(bytes[HeaderLength..], out var avps)) return false;
        var word = Word(4);
        message = new((byte)(word >> 24), (DiameterCommand)(word & 0xFFFFFF), Word(8), Word(12), Word(16), avps);
        return true;

        uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[at..]);
    }

    public static DiameterMessage Request(DiameterCommand command, uint application, uint number, params IEnumerable<Avp> avps) =>
        new((byte)(RequestFlag | (application == 0 ? 0 : ProxiableFlag)), command, application, number, number, new(avps));

    public DiameterMessage Answer(params IEnumerable<Avp> avps) =>
        this with { Flags = (byte)(Flags & ProxiableFlag), Avps = new(avps) };

    public byte[] ToBytes()
    {
        byte[] bytes = [.. new byte[HeaderLength], .. Avps.ToBytes()];
        uint[] words =
        [
            (uint)Version << 24 | (uint)bytes.Length, (uint)Flags << 24 | (uint)Command, Application, HopByHop, EndToEnd,
        ];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }
}
