using Portunus.Bedrock;

namespace Portunus.Transport.Tls;

/// <summary>TLS for one TCP connection. What it reads is a stream still: frames are cut out of it afterwards.</summary>
/// <remarks>
/// <code>while ((n = session.Read(ref piece, plain)) > 0) cut(plain[..n]);
/// session.Sent(send(session.Outgoing));
/// if (session.State == TlsState.Closed) close();</code>
/// </remarks>
/// <param name="context">Of streams; may be disposed while this lives.</param>
/// <param name="now">From here the handshake has <see cref="MostHandshakeTime"/>.</param>
/// <param name="mostOutgoing">Bytes that may wait; beyond them <see cref="SecureSession.TryWrite"/> refuses.</param>
public sealed unsafe class TlsSession(TlsContext context, Instant now, int mostOutgoing = SecureSession.MostOutgoing)
    : SecureSession(Streams(context), now, MostHandshakeTime, mostOutgoing)
{
    /// <summary>Beyond this a handshake is given up: three round trips, and TCP's repetitions of what is lost meanwhile.</summary>
    public static readonly TimeSpan MostHandshakeTime = TimeSpan.FromSeconds(20);

    /// <summary>What waits for the wire, from its beginning; until the next call of anything.</summary>
    public ReadOnlySpan<byte> Outgoing => IsGone ? default : Wire->Out;

    private protected override bool IsDatagrams => false;

    /// <summary>The first bytes of <see cref="Outgoing"/> have gone out.</summary>
    public void Sent(int count)
    {
        if (count != 0) Wire->Sent(count);
    }

    /// <summary>A client speaks first.</summary>
    internal void Begin() => Handshake();

    static TlsContext Streams(TlsContext context) =>
        context.IsDatagrams ? throw new ArgumentException("A context of datagrams is for DtlsSession.", nameof(context)) : context;
}
