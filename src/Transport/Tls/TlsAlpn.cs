using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>Which application protocol a server chooses (RFC 7301, RFC 7443).</summary>
static unsafe class TlsAlpn
{
    /// <summary>The label of TURN (RFC 7443 §2).</summary>
    public static ReadOnlySpan<byte> Turn => "stun.turn"u8;

    /// <summary>
    /// Chooses <c>stun.turn</c> where it is offered. A client that offers only others means another server, and RFC 7301 §3.2 wants the
    /// alert no_application_protocol; <c>stun.nat-discovery</c> (RFC 7443) is another, too: what it labels, RFC 5780's usage, needs a
    /// second address. Who offers nothing is served: RFC 7301 leaves that to the protocol, and most clients of TURN are older.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Select(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, void* argument)
    {
        // A list of names, each with its length in a byte before it; OpenSSL has checked its shape.
        for (uint at = 0; at < offeredLength; at += 1u + offered[at])
        {
            var length = offered[at];
            if (length > offeredLength - at - 1) break;
            if (!new ReadOnlySpan<byte>(offered + at + 1, length).SequenceEqual(Turn)) continue;
            *chosen = offered + at + 1;
            *chosenLength = length;
            return LibSsl.SSL_TLSEXT_ERR_OK;
        }

        return LibSsl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }
}
