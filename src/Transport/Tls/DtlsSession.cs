using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Transport.Tls;

/// <summary>DTLS with one client: each record that it reads is a message, and each message that is written a datagram.</summary>
/// <remarks>
/// <code>while ((n = session.Read(ref datagram, plain)) > 0) server.OnClient(now, path, plain[..n], head);
/// while (session.TryTake(buffer, out var length)) send(buffer[..length]);
/// schedule(session.Deadline(now));</code>
/// </remarks>
public sealed unsafe class DtlsSession : SecureSession
{
    /// <summary>Bytes of a datagram of the handshake: what passes IPv6's least MTU of 1,280 with some tunnel around it.</summary>
    public const int MostHandshakeDatagram = 1200;

    /// <summary>Beyond this a handshake is given up: six repetitions, the first after a second (RFC 6347 §4.2.4.1).</summary>
    public static readonly TimeSpan MostHandshakeTime = TimeSpan.FromSeconds(63);

    // An honest client sends its Finished in such a record, again once for each flight that was lost. OpenSSL keeps each until it knows the
    // keys, in a buffer for the longest record, however short it is: 17 kB.
    const int MostEarlyRecords = 8;

    // Explicit nonce and tag (RFC 5288 §3); tag alone (RFC 7905 §2).
    const int LeastOfGcm = 8 + 16;
    const int LeastOfChaCha = 16;

    readonly DtlsHello _began;
    int _earlyRecords;
    int _leastRecord;

    DtlsSession(TlsContext context, Instant now, int mostOutgoing, DtlsHello began)
        : base(context, now, MostHandshakeTime, mostOutgoing)
    {
        _began = began;
        if (State == TlsState.Handshaking) LibSsl.SSL_ctrl(Ssl, LibSsl.SSL_CTRL_SET_MTU, new CLong(MostHandshakeDatagram), null);
    }

    /// <summary>Begins with a hello that <see cref="DtlsListener.Hear"/> found proven, and answers it.</summary>
    /// <param name="context">Of datagrams; may be disposed while this lives.</param>
    /// <param name="now">From here the handshake has <see cref="MostHandshakeTime"/>.</param>
    /// <param name="hello">The datagram.</param>
    /// <param name="mostOutgoing">Bytes that may wait; beyond them <see cref="SecureSession.TryWrite"/> refuses.</param>
    public static DtlsSession Accept(
        TlsContext context, Instant now, ReadOnlySpan<byte> hello, int mostOutgoing = SecureSession.MostOutgoing)
    {
        if (!context.IsDatagrams) throw new ArgumentException("A context of streams is for TlsSession.", nameof(context));
        DtlsHello.TryParse(hello, out var parsed);
        var session = new DtlsSession(context, now, mostOutgoing, parsed);
        session.Listen(hello);
        return session;
    }

    /// <summary>A client speaks first.</summary>
    internal static DtlsSession Connect(TlsContext context, Instant now)
    {
        var session = new DtlsSession(context, now, SecureSession.MostOutgoing, default);
        session.Handshake();
        return session;
    }

    /// <summary>
    /// Whether a datagram from this session's address begins another session: its client has started anew and lost this one (RFC 6347
    /// §4.2.8). It goes to <see cref="DtlsListener.Hear"/>; this session lives until the new hello is proven. False for copies of the
    /// hellos with which this one began, which have the same random.
    /// </summary>
    public bool IsSurpassedBy(ReadOnlySpan<byte> datagram) =>
        DtlsHello.TryParse(datagram, out var hello) && !hello.HasRandomOf(_began);

    /// <summary>The next datagram for the wire, and takes it away; false when there is none.</summary>
    /// <param name="destination">Room for a record, so at least <see cref="SecureSession.MostRecord"/> and 64 bytes.</param>
    /// <param name="length">Of the datagram; one that does not fit is lost, with length 0.</param>
    public bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        if (IsGone || Wire->OutLength == 0) return false;
        var waiting = Wire->Out;
        length = MemoryMarshal.Read<ushort>(waiting);
        var taken = Tls.Wire.DatagramHeader + length;
        if (!waiting[Tls.Wire.DatagramHeader..taken].TryCopyTo(destination)) length = 0;
        Wire->Sent(taken);
        return true;
    }

    private protected override bool IsDatagrams => true;

    // OpenSSL 3.0 ends a session at an encrypted record without room for nonce and tag, which anybody can forge who knows the address;
    // RFC 6347 §4.1.2.7 discards what is not valid.
    private protected override bool Admits(ReadOnlySpan<byte> wire)
    {
        if (!DtlsRecords.AreLongEnough(wire, LeastRecord(), out var encrypted)) return false;
        return State != TlsState.Handshaking || (_earlyRecords += encrypted) <= MostEarlyRecords;
    }

    private protected override Instant? Retransmission(Instant now)
    {
        // struct timeval; OpenSSL counts by the wall clock, so setting it back delays a repetition, no longer than the handshake may take.
        var left = stackalloc CLong[2];
        if (LibSsl.SSL_ctrl(Ssl, LibSsl.DTLS_CTRL_GET_TIMEOUT, default, left).Value != 1) return null;
        return now + TimeSpan.FromSeconds(left[0].Value) + TimeSpan.FromMicroseconds(left[1].Value);
    }

    private protected override void Retransmit()
    {
        LibCrypto.ERR_clear_error();
        // 0: not yet. Below: it has been repeated twelve times.
        if (LibSsl.SSL_ctrl(Ssl, LibSsl.DTLS_CTRL_HANDLE_TIMEOUT, default, null).Value >= 0) return;
        LibCrypto.ERR_clear_error();
        End(TlsEnd.TooSlow);
    }

    /// <summary>Of an encrypted record, in bytes. Until the cipher is known nothing honest is shorter than the longer one.</summary>
    int LeastRecord()
    {
        if (State != TlsState.Open) return LeastOfGcm;
        if (_leastRecord == 0) _leastRecord = Cipher.Contains("CHACHA20", StringComparison.Ordinal) ? LeastOfChaCha : LeastOfGcm;
        return _leastRecord;
    }

    void Listen(ReadOnlySpan<byte> hello)
    {
        if (State == TlsState.Closed) return;
        var address = LibCrypto.BIO_ADDR_new();
        if (address == 0)
        {
            End(TlsEnd.TooMuch);
            return;
        }

        LibCrypto.ERR_clear_error();
        int result;
        fixed (byte* bytes = hello)
        {
            Wire->Offer(bytes, hello.Length);
            // Takes the hello's numbers over and keeps it for the handshake; the address it would learn from a socket stays empty.
            result = LibSsl.DTLSv1_listen(Ssl, address);
            Wire->Offer(null, 0);
        }

        LibCrypto.BIO_ADDR_free(address);
        if (result == 1) Handshake();
        else End(TlsEnd.Refused);
    }
}
