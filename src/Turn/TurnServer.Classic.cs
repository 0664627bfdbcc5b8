using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>RFC 8489 §11: over DTLS, requests without the magic cookie "MUST generate a 500 (Server Error) error response, and
    /// indications MUST be ignored". Elsewhere they are as any other bytes.</summary>
    Forward OnClassic(in ClientPath path, ReadOnlySpan<byte> message, Span<byte> head)
    {
        if (path.FiveTuple.Transport != ClientTransport.Dtls || !ClassicStun.IsRequest(message)) return Forward.Drop(DropReason.Malformed);
        ClassicStun.WriteError(message, ErrorCode.ServerError, head);
        return Forward.ToClient(path, ClassicStun.ErrorLength);
    }
}
