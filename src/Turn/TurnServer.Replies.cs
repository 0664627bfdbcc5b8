using Portunus.Stun;

namespace Portunus.Turn;

public sealed partial class TurnServer
{
    /// <summary>A success response; the caller adds what the method gives, then calls <see cref="Finish"/>.</summary>
    static StunWriter Success(scoped in Request request) => StunWriter.Success(request.Head, request.Message);

    /// <summary>An error response to a proved sender.</summary>
    Forward Error(scoped in Request request, ErrorCode code)
    {
        var writer = StunWriter.Error(request.Head, request.Message, code);
        return Finish(request, ref writer, code);
    }

    /// <summary>420 with UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1).</summary>
    Forward ErrorOfUnknown(scoped in Request request, int count)
    {
        var writer = new StunWriter(request.Head, StunClass.Error, request.Message.Method, request.Message.TransactionId);
        // No phrase for strangers, who can make others hear it.
        writer.AddErrorCode(ErrorCode.UnknownAttribute, request.Caller is null ? [] : ErrorCode.UnknownAttribute.ReasonPhrase());
        writer.AddUnknownAttributes(_unknown.AsSpan(0, count));
        return Finish(request, ref writer, ErrorCode.UnknownAttribute);
    }

    /// <summary>Ends a reply with what every one carries, and counts it.</summary>
    Forward Finish(scoped in Request request, scoped ref StunWriter writer, ErrorCode? error = null)
    {
        if (request.Caller is { } caller)
        {
            // RFC 8656 §5 wants SOFTWARE in the answers to Allocate and Refresh. Strangers get none: it would only amplify.
            if (_software.Length > 0 && request.Message.Method is StunMethod.Allocate or StunMethod.Refresh)
                writer.Add(AttributeType.Software, _software);
            writer.AddIntegrity(request.ReplyIntegrity, caller.Key);
        }

        if (request.Message.HasFingerprint) writer.AddFingerprint();
        if (request.Caller is null && request.MayBeForged && Withhold(request, writer.Length) is not DropReason.None and var reason)
            return Forward.Drop(reason);
        var counters = Counters.By(request.Path);
        if (error is { } code) counters.CountError(request.Message.Method, (int)code);
        else counters.CountSuccess(request.Message.Method);
        return Forward.ToClient(request.Path, writer.Length);
    }
}
