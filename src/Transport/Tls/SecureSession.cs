using System.Runtime.InteropServices;
using Portunus.Bedrock;

namespace Portunus.Transport.Tls;

/// <summary>
/// One session of TLS or DTLS over memory: bytes of the wire in, plain bytes out, and the other way round. It never waits, throws
/// nothing at what a peer sends, and holds no buffer while idle. One thread; whoever made it disposes it.
/// </summary>
public abstract unsafe class SecureSession : IDisposable
{
    /// <summary>The longest plain text of one record (RFC 8446 §5.1), in bytes.</summary>
    public const int MostRecord = 16_384;

    /// <summary>Bytes that may wait for a peer that does not read: at 2 Mbit/s, half a second.</summary>
    public const int MostOutgoing = 128 * 1024;

    // For what OpenSSL itself says when the queue is full: alerts, answers to key updates.
    const int Reserve = 4096;

    // Header, explicit nonce and tag of a record are 29 bytes in TLS 1.2, 37 in DTLS 1.2, 22 in TLS 1.3.
    const int MostRecordOverhead = 64;

    // A client's hello and Finished take some 2 kB; with every extension that is known, not 16.
    const int MostHandshakeBytes = 32 * 1024;

    readonly SslHandle _ssl;
    readonly int _mostOutgoing;
    readonly Instant _handshakeEnd;
    int _handshakeBytes;

    private protected SecureSession(TlsContext context, Instant now, TimeSpan mostHandshakeTime, int mostOutgoing)
    {
        _mostOutgoing = mostOutgoing;
        _handshakeEnd = now + mostHandshakeTime;
        _ssl = LibSsl.SSL_new(context.Handle);
        if (_ssl.IsInvalid || !_ssl.TryAttach(mostOutgoing + Reserve, context.IsDatagrams))
        {
            End(TlsEnd.TooMuch);
            return;
        }

        if (context.IsServer) LibSsl.SSL_set_accept_state(_ssl);
        else LibSsl.SSL_set_connect_state(_ssl);
    }

    public TlsState State { get; private set; }

    /// <summary>Why it is closed.</summary>
    public TlsEnd Ended { get; private set; }

    /// <summary>With <see cref="TlsEnd.Refused"/> and <see cref="TlsEnd.Broken"/>: for <see cref="OpenSsl.Describe"/>.</summary>
    public ulong ErrorNumber { get; private set; }

    /// <summary>For an audit: <c>TLSv1.3</c>, <c>DTLSv1.2</c>; settled once it is open.</summary>
    public string Protocol => IsGone ? "" : Marshal.PtrToStringUTF8(LibSsl.SSL_get_version(_ssl)) ?? "";

    /// <summary>For an audit: the cipher suite by OpenSSL's name; empty before it is settled.</summary>
    public string Cipher => IsGone ? "" : Marshal.PtrToStringUTF8(LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(_ssl))) ?? "";

    /// <summary>Bytes that wait to go out.</summary>
    public int OutgoingLength => IsGone ? 0 : Wire->OutLength;

    /// <summary>
    /// Takes in what came from the wire and gives what it says: to be called again with what is left of <paramref name="wire"/> until it
    /// gives 0, for then all has been taken in. Each call may make bytes for the wire, whatever it gives.
    /// </summary>
    /// <param name="wire">A piece of the stream, or one datagram; moved past what was taken.</param>
    /// <param name="plain">At least <see cref="MostRecord"/> bytes: what one record said, which for DTLS is one message.</param>
    /// <returns>How many bytes of <paramref name="plain"/> were written.</returns>
    public int Read(ref ReadOnlySpan<byte> wire, Span<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plain.Length, MostRecord, nameof(plain));
        if (State == TlsState.Closed || !Admits(wire))
        {
            wire = default;
            return 0;
        }

        int length, taken;
        fixed (byte* bytes = wire)
        {
            Wire->Offer(bytes, wire.Length);
            length = Read(plain);
            taken = wire.Length - Wire->InLeft;
            Wire->Offer(null, 0);
        }

        if (State == TlsState.Handshaking && (_handshakeBytes += taken) > MostHandshakeBytes) End(TlsEnd.TooMuch);
        wire = State == TlsState.Closed ? default : wire[taken..];
        return length;
    }

    /// <summary>
    /// Makes records of plain bytes; for DTLS one, so a datagram for each call. False when it is not open, when more than the bound waits
    /// to go out, or, for DTLS, when the bytes are more than a record holds: then they are lost, as a datagram would be.
    /// </summary>
    public bool TryWrite(ReadOnlySpan<byte> plain)
    {
        if (State != TlsState.Open || (IsDatagrams && plain.Length > MostRecord)) return false;
        var overhead = MostRecordOverhead * (1 + (plain.Length / MostRecord));
        if (Wire->OutLength + plain.Length + overhead > _mostOutgoing) return false;
        if (plain.IsEmpty) return true;
        LibCrypto.ERR_clear_error();
        int result;
        fixed (byte* bytes = plain) result = LibSsl.SSL_write(_ssl, bytes, plain.Length);
        if (result == plain.Length) return true;
        Judge(result);
        return false;
    }

    /// <summary>Says close_notify, if it is open, and takes nothing in any more.</summary>
    public void Close()
    {
        if (State == TlsState.Open) ShutDown();
        End(TlsEnd.Here);
    }

    /// <summary>When <see cref="OnDeadline"/> is due; null when open or closed.</summary>
    public Instant? Deadline(Instant now) =>
        State == TlsState.Handshaking ? Instant.Earliest(_handshakeEnd, Retransmission(now)) : null;

    /// <summary>Repeats a flight of DTLS that had no answer, or gives a handshake up; before its time it does nothing.</summary>
    public void OnDeadline(Instant now)
    {
        if (State != TlsState.Handshaking) return;
        if (now >= _handshakeEnd) End(TlsEnd.TooSlow);
        else Retransmit();
    }

    /// <summary>Frees what OpenSSL holds for it; what waits to go out is lost.</summary>
    public void Dispose()
    {
        End(TlsEnd.Here);
        _ssl.Dispose();
    }

    /// <summary>What the server showed to a client, as DER; empty where there is none.</summary>
    internal byte[] PeerCertificate()
    {
        var certificate = IsGone ? 0 : LibSsl.SSL_get0_peer_certificate(_ssl);
        if (certificate == 0) return [];
        var der = new byte[LibCrypto.i2d_X509(certificate, null)];
        fixed (byte* start = der)
        {
            // The call moves the pointer past what it wrote.
            var at = start;
            _ = LibCrypto.i2d_X509(certificate, &at);
        }

        return der;
    }

    private protected SslHandle Ssl => _ssl;

    private protected Wire* Wire => _ssl.Wire;

    /// <summary>No native memory is there: it has been disposed, or there was none to be had.</summary>
    private protected bool IsGone => _ssl.IsClosed || _ssl.Wire == null;

    private protected abstract bool IsDatagrams { get; }

    /// <summary>Whether what came is looked at, or dropped.</summary>
    private protected virtual bool Admits(ReadOnlySpan<byte> wire) => true;

    private protected virtual Instant? Retransmission(Instant now) => null;

    private protected virtual void Retransmit()
    {
    }

    private protected void Handshake()
    {
        LibCrypto.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1) State = TlsState.Open;
        else Judge(result);
    }

    private protected void End(TlsEnd end)
    {
        if (State == TlsState.Closed) return;
        (State, Ended) = (TlsState.Closed, end);
    }

    /// <summary>After a call that did not do all: it waits for the peer, or the session is over.</summary>
    private protected void Judge(int result)
    {
        var error = LibSsl.SSL_get_error(_ssl, result);
        if (Wire->HasOverflowed)
        {
            End(TlsEnd.TooMuch);
        }
        else if (error == LibSsl.SSL_ERROR_ZERO_RETURN)
        {
            ShutDown();
            End(TlsEnd.ByPeer);
        }
        else if (error != LibSsl.SSL_ERROR_WANT_READ)
        {
            ErrorNumber = OpenSsl.TakeError();
            End(State == TlsState.Open ? TlsEnd.Broken : TlsEnd.Refused);
        }
    }

    int Read(Span<byte> plain)
    {
        if (State == TlsState.Handshaking) Handshake();
        if (State != TlsState.Open) return 0;
        LibCrypto.ERR_clear_error();
        int result;
        fixed (byte* bytes = plain) result = LibSsl.SSL_read(_ssl, bytes, plain.Length);
        if (result > 0) return result;
        Judge(result);
        return 0;
    }

    void ShutDown()
    {
        LibCrypto.ERR_clear_error();
        LibSsl.SSL_shutdown(_ssl);
        LibCrypto.ERR_clear_error();
    }
}
