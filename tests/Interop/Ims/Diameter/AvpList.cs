using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Portunus.Tests.Interop.Ims.Diameter;

/// <summary>Attributes in their order: what a message or a group holds.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           AVP Code                            |
/// |V M P r r r r r|                  AVP Length                   |
/// |                        Vendor-ID (opt)                        |
/// |    Data ...   padded to four bytes, which Length does not count
/// </code>
/// </remarks>
sealed class AvpList(IEnumerable<Avp> avps)
{
    // A Cx message has a dozen.
    const int Most = 256;
    const uint HasVendor = 0x80;
    const uint Mandatory = 0x40;

    readonly Avp[] _avps = [.. avps];

    public IReadOnlyList<Avp> All => _avps;

    /// <summary>The first of that name; null when there is none.</summary>
    public Avp? this[AvpName name] => Array.Find(_avps, avp => avp.Name == name);

    /// <summary>Reads attributes that fill all the bytes; false when one is cut short or there are too many.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out AvpList? list)
    {
        list = null;
        var avps = new List<Avp>();
        while (!bytes.IsEmpty)
        {
            if (avps.Count == Most || bytes.Length < 8) return false;
            var code = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
            var word = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[4..]);
            var length = (int)(word & 0xFFFFFF);
            var head = (word >> 24 & HasVendor) != 0 ? 12 : 8;
            if (length < head || length > bytes.Length) return false;
            var vendor = head == 12 ? BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[8..]) : 0;
            avps.Add(new(new(code, vendor), bytes[head..length]));
            // The last of a group may come without its padding.
            bytes = bytes[Math.Min(Padded(length), bytes.Length)..];
        }

        list = new(avps);
        return true;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[_avps.Sum(avp => Padded(Head(avp) + avp.Value.Length))];
        var rest = bytes.AsSpan();
        foreach (var avp in _avps)
        {
            var (head, length) = (Head(avp), Head(avp) + avp.Value.Length);
            var flags = Mandatory | (avp.Name.Vendor == 0 ? 0 : HasVendor);
            BinaryPrimitives.WriteUInt32BigEndian(rest, avp.Name.Code);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], flags << 24 | (uint)length);
            if (avp.Name.Vendor != 0) BinaryPrimitives.WriteUInt32BigEndian(rest[8..], avp.Name.Vendor);
            avp.Value.Span.CopyTo(rest[head..]);
            rest = rest[Padded(length)..];
        }

        return bytes;
    }

    static int Head(Avp avp) => avp.Name.Vendor == 0 ? 8 : 12;

    static int Padded(int length) => (length + 3) & ~3;
}
