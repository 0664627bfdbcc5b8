using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Transport.Tls;

/// <summary>What to do with a datagram from an address without a session.</summary>
public enum DtlsVerdict : byte
{
    /// <summary>Drop it.</summary>
    Ignore,

    /// <summary>Send the answer: it is never longer than the datagram, and nothing is kept.</summary>
    Answer,

    /// <summary>The client receives at its address: <see cref="DtlsSession.Accept"/>.</summary>
    Proven,
}

/// <summary>
/// Hears hellos of DTLS before there is any state for them, neither ours nor OpenSSL's: each without a good cookie is answered by a
/// HelloVerifyRequest (RFC 6347 §4.2.1). Allocates nothing. One thread; a client of one listener keeps to it, so it shares no key.
/// </summary>
/// <param name="random">For its keys.</param>
public sealed class DtlsListener(IRandom random)
{
    /// <summary>Of the answer, in bytes; the shortest hello that is answered has 61.</summary>
    public const int AnswerLength = DtlsRecords.HeaderLength + MessageLength;

    const int HandshakeHeaderLength = 12;
    const int BodyLength = 2 + 1 + DtlsCookies.Length;
    const int MessageLength = HandshakeHeaderLength + BodyLength;

    readonly DtlsCookies _cookies = new(random);

    /// <param name="now">Its monotonic clock.</param>
    /// <param name="client">Where the datagram came from.</param>
    /// <param name="datagram">Whole.</param>
    /// <param name="answer">Room for <see cref="AnswerLength"/> bytes.</param>
    public DtlsVerdict Hear(Instant now, in TransportAddress client, ReadOnlySpan<byte> datagram, Span<byte> answer)
    {
        if (!DtlsHello.TryParse(datagram, out var hello)) return DtlsVerdict.Ignore;
        var parameters = datagram[hello.Parameters];
        if (_cookies.AreShown(now, client, parameters, datagram[hello.Cookie]))
            return hello.MessageSequence == 1 ? DtlsVerdict.Proven : DtlsVerdict.Ignore;
        // A wrong cookie is none (RFC 6347 §4.2.1): its key may have changed.
        if (datagram.Length < AnswerLength) return DtlsVerdict.Ignore;
        Write(answer[..AnswerLength], hello.Sequence);
        _cookies.Write(now, client, parameters, answer[(AnswerLength - DtlsCookies.Length)..AnswerLength]);
        return DtlsVerdict.Answer;
    }

    // Everything of a HelloVerifyRequest but its cookie.
    static void Write(Span<byte> answer, ulong sequence)
    {
        const byte HandshakeRecord = 22;
        const byte HelloVerifyRequest = 3;
        // RFC 6347 §4.2.1: version 1.0 whatever comes of it; the record's number is that of the hello; §4.2.2: the message's is 0.
        const ushort Dtls10 = 0xFEFF;
        answer.Clear();
        answer[0] = HandshakeRecord;
        BinaryPrimitives.WriteUInt16BigEndian(answer[1..], Dtls10);
        BinaryPrimitives.WriteUInt64BigEndian(answer[3..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(answer[11..], MessageLength);
        var message = answer[DtlsRecords.HeaderLength..];
        message[0] = HelloVerifyRequest;
        message[3] = BodyLength;
        message[11] = BodyLength;
        BinaryPrimitives.WriteUInt16BigEndian(message[HandshakeHeaderLength..], Dtls10);
        message[HandshakeHeaderLength + 2] = DtlsCookies.Length;
    }
}
