using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Portunus.Tests.Conformance.Wire;

/// <summary>A STUN message that came, with its bytes.</summary>
/// <param name="Raw">Header and attributes as they came.</param>
/// <param name="Attributes">Each attribute with its place in <paramref name="Raw"/>, in order.</param>
sealed record Incoming(byte[] Raw, IReadOnlyList<Incoming.Attribute> Attributes)
{
    /// <param name="At">Where its type stands in the message.</param>
    public sealed record Attribute(int Type, byte[] Value, int At);

    int Type => BinaryPrimitives.ReadUInt16BigEndian(Raw);

    public int ClassBits => Type & Class.Mask;

    public int MethodNumber => ((Type >> 2) & 0xF80) | ((Type >> 1) & 0x070) | (Type & 0x00F);

    public ReadOnlySpan<byte> TransactionId => Raw.AsSpan(8, 12);

    public bool IsSuccess => ClassBits == Class.Success;

    /// <summary>The number of ERROR-CODE, or zero.</summary>
    public int Error => ClassBits == Class.Error && Get(Attr.ErrorCode) is { Length: >= 4 } code ? (code[2] & 7) * 100 + code[3] : 0;

    /// <summary>Null where the bytes are no whole message whose attributes fill it.</summary>
    public static Incoming? Read(byte[] raw)
    {
        if (raw.Length < 20 || raw[0] > 0x3F || raw.Length != 20 + BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(2))) return null;
        var attributes = new List<Attribute>();
        for (var at = 20; at < raw.Length;)
        {
            if (raw.Length - at < 4) return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(at + 2));
            if (at + 4 + length > raw.Length) return null;
            attributes.Add(new(BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(at)), raw[(at + 4)..(at + 4 + length)], at));
            at += 4 + ((length + 3) & ~3);
            if (at > raw.Length) return null;
        }

        return new(raw, attributes);
    }

    public bool Has(int attribute) => Get(attribute) is not null;

    /// <summary>The value of the first such attribute.</summary>
    public byte[]? Get(int attribute) => Attributes.FirstOrDefault(one => one.Type == attribute)?.Value;

    public string Text(int attribute) => Get(attribute) is { } value ? Encoding.UTF8.GetString(value) : "";

    public uint Number(int attribute) => Get(attribute) is { Length: >= 4 } value ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    /// <summary>The addresses of all such attributes that can be read.</summary>
    public IReadOnlyList<IPEndPoint> Addresses(int attribute) => [.. Attributes
        .Where(one => one.Type == attribute)
        .Select(one => XorAddress.Read(one.Value, TransactionId))
        .OfType<IPEndPoint>()];

    public IPEndPoint? Address(int attribute) => Addresses(attribute) is [var first, ..] ? first : null;

    /// <summary>Whether MESSAGE-INTEGRITY is there and right under the key.</summary>
    public bool IntegrityHolds(byte[] key) => Holds(Attr.Integrity, 20, before => HMACSHA1.HashData(key, before));

    /// <summary>Whether MESSAGE-INTEGRITY-SHA256 is there, whole, and right under the key.</summary>
    public bool IntegritySha256Holds(byte[] key) => Holds(Attr.IntegritySha256, 32, before => HMACSHA256.HashData(key, before));

    public bool FingerprintHolds() => Holds(Attr.Fingerprint, 4, before =>
    {
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Of(before) ^ 0x5354554E);
        return value;
    });

    public override string ToString() => ClassBits switch
    {
        Class.Success => $"{Method.NameOf(MethodNumber)} success",
        Class.Error => $"{Method.NameOf(MethodNumber)} error {Error} {Reason}".TrimEnd(),
        Class.Indication => $"a {Method.NameOf(MethodNumber)} indication",
        _ => $"a {Method.NameOf(MethodNumber)} request",
    };

    /// <summary>The reason phrase without what no terminal should be sent.</summary>
    string Reason => Get(Attr.ErrorCode) is { Length: > 4 } code
        ? $"\"{string.Concat(Encoding.UTF8.GetString(code.AsSpan(4)).Where(letter => !char.IsControl(letter))).Trim()}\""
        : "";

    /// <summary>What precedes the attribute, hashed with a length field that ends behind it, is its value.</summary>
    bool Holds(int attribute, int length, Func<byte[], byte[]> hash)
    {
        if (Attributes.FirstOrDefault(one => one.Type == attribute) is not { } found || found.Value.Length != length) return false;
        var before = Raw[..found.At];
        BinaryPrimitives.WriteUInt16BigEndian(before.AsSpan(2), (ushort)(found.At + 4 + length - 20));
        return CryptographicOperations.FixedTimeEquals(hash(before), found.Value);
    }
}
