using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Stun;

/// <summary>
/// Writes one STUN message into the caller's span. What does not fit makes the writer <see cref="Full"/>, and then nothing
/// of it leaves: <see cref="Length"/> is 0. The header's length is right after every attribute; padding is zero.
/// </summary>
public ref partial struct StunWriter
{
    readonly Span<byte> _destination;
    readonly TransactionId _transactionId;
    int _length;

    /// <summary>The message ends with a payload that is sent from where it stands.</summary>
    bool _ended;

    public StunWriter(Span<byte> destination, StunClass stunClass, StunMethod method, scoped in TransactionId transactionId)
    {
        _destination = destination;
        _transactionId = transactionId;
        if (Full = destination.Length < StunMessage.HeaderLength) return;
        BinaryPrimitives.WriteUInt16BigEndian(destination, StunMessage.TypeOf(stunClass, method));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], StunMessage.MagicCookie);
        transactionId.Write(destination[8..]);
        _length = StunMessage.HeaderLength;
        WriteLength(0);
    }

    /// <summary>A success response to a request (RFC 8489 §6.3.1.1).</summary>
    public static StunWriter Success(Span<byte> destination, scoped in StunMessage request) =>
        new(destination, StunClass.Success, request.Method, request.TransactionId);

    /// <summary>An error response to a request, with ERROR-CODE and the recommended phrase (RFC 8489 §6.3.1.1).</summary>
    public static StunWriter Error(Span<byte> destination, scoped in StunMessage request, ErrorCode code)
    {
        var writer = new StunWriter(destination, StunClass.Error, request.Method, request.TransactionId);
        writer.AddErrorCode(code);
        return writer;
    }

    /// <summary>True once something did not fit; stays so.</summary>
    public bool Full { get; private set; }

    /// <summary>Bytes written into the span; 0 when <see cref="Full"/>.</summary>
    public readonly int Length => Full ? 0 : _length;

    /// <summary>What has been written; empty when <see cref="Full"/>.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    /// <summary>Adds an attribute of any type.</summary>
    public void Add(AttributeType type, scoped ReadOnlySpan<byte> value)
    {
        var place = Open(type, value.Length);
        if (!Full) value.CopyTo(place);
    }

    /// <summary>Adds an attribute of four bytes.</summary>
    public void Add(AttributeType type, uint value)
    {
        if (Open(type, 4) is { IsEmpty: false } place) BinaryPrimitives.WriteUInt32BigEndian(place, value);
    }

    /// <summary>XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS.</summary>
    public void AddXorAddress(AttributeType type, in TransportAddress address)
    {
        if (Open(type, XorAddress.LengthOf(address)) is { IsEmpty: false } place)
            XorAddress.Write(place, address, _transactionId);
    }

    /// <summary>MAPPED-ADDRESS or ALTERNATE-SERVER.</summary>
    public void AddAddress(AttributeType type, in TransportAddress address)
    {
        if (Open(type, MappedAddress.LengthOf(address)) is { IsEmpty: false } place) MappedAddress.Write(place, address);
    }

    public void AddErrorCode(ErrorCode code) => AddErrorCode(code, code.ReasonPhrase());

    /// <summary>ERROR-CODE with a reason phrase in UTF-8, of fewer than 128 characters (RFC 8489 §14.8).</summary>
    public void AddErrorCode(ErrorCode code, scoped ReadOnlySpan<byte> reason)
    {
        if (Open(AttributeType.ErrorCode, 4 + reason.Length) is { IsEmpty: false } place) WriteErrorCode(place, 0, code, reason);
    }

    /// <summary>The types that <see cref="StunMessage.FindUnknown"/> found.</summary>
    public void AddUnknownAttributes(scoped ReadOnlySpan<AttributeType> types)
    {
        var place = Open(AttributeType.UnknownAttributes, 2 * types.Length);
        if (Full) return;
        for (var i = 0; i < types.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(place[(2 * i)..], (ushort)types[i]);
    }

    /// <summary>PASSWORD-ALGORITHM: a number without parameters (RFC 8489 §14.12).</summary>
    public void AddPasswordAlgorithm(ushort algorithm) => Add(AttributeType.PasswordAlgorithm, (uint)algorithm << 16);

    /// <summary>PASSWORD-ALGORITHMS, best first, without parameters (RFC 8489 §14.11).</summary>
    public void AddPasswordAlgorithms(scoped ReadOnlySpan<ushort> algorithms)
    {
        var place = Open(AttributeType.PasswordAlgorithms, 4 * algorithms.Length);
        if (Full) return;
        for (var i = 0; i < algorithms.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(place[(4 * i)..], (uint)algorithms[i] << 16);
    }

    /// <summary>
    /// Adds an integrity attribute over what has been written; none for <see cref="Integrity.None"/>. After it only the
    /// stronger one and FINGERPRINT count.
    /// </summary>
    public void AddIntegrity(Integrity kind, IntegrityKey key)
    {
        if (kind == Integrity.None) return;
        var preceding = _length;
        var place = Open(kind == Integrity.Sha256 ? AttributeType.MessageIntegritySha256 : AttributeType.MessageIntegrity,
            IntegrityKey.LengthOf(kind));
        if (Full) return;
        key.Compute(kind, _destination[..preceding], _length - StunMessage.HeaderLength, place);
    }

    /// <summary>Adds FINGERPRINT, which is the last (RFC 8489 §14.7).</summary>
    public void AddFingerprint()
    {
        var preceding = _length;
        if (Open(AttributeType.Fingerprint, Fingerprint.Length) is { IsEmpty: false } place)
            BinaryPrimitives.WriteUInt32BigEndian(place, Fingerprint.Compute(_destination[..preceding]));
    }

    internal static void WriteErrorCode(Span<byte> place, byte family, ErrorCode code, ReadOnlySpan<byte> reason)
    {
        var (hundreds, number) = Math.DivRem((int)code, 100);
        place[0] = family;
        place[1] = 0;
        place[2] = (byte)hundreds;
        place[3] = (byte)number;
        reason.CopyTo(place[4..]);
    }

    /// <summary>Makes room for a value and writes what surrounds it; gives nothing when it does not fit.</summary>
    Span<byte> Open(AttributeType type, int valueLength)
    {
        var padded = StunMessage.Padded(valueLength);
        if (!Header(type, valueLength, padded)) return default;
        var place = _destination.Slice(_length, padded);
        place[valueLength..].Clear();
        _length += padded;
        return place[..valueLength];
    }

    /// <summary>Writes an attribute's header if it and <paramref name="here"/> bytes of value fit.</summary>
    bool Header(AttributeType type, int valueLength, int here)
    {
        if (_ended) throw new InvalidOperationException("Nothing follows the payload that ends a message.");
        var message = _length + 4 + StunMessage.Padded(valueLength) - StunMessage.HeaderLength;
        Full |= (uint)valueLength > ushort.MaxValue || message > ushort.MaxValue || _length + 4 + here > _destination.Length;
        if (Full) return false;
        BinaryPrimitives.WriteUInt32BigEndian(_destination[_length..], ((uint)type << 16) | (ushort)valueLength);
        _length += 4;
        WriteLength(message);
        return true;
    }

    readonly void WriteLength(int length) => BinaryPrimitives.WriteUInt16BigEndian(_destination[2..], (ushort)length);
}
