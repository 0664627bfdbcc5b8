using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>What a <see cref="UserAgent"/> wants done, or wants known, in order.</summary>
public abstract record UserAgentEffect
{
    UserAgentEffect()
    {
    }

    /// <summary>Write this message to the WebSocket that is open; drop it when there is none.</summary>
    public sealed record ToFlow(SipMessage Message) : UserAgentEffect;

    /// <summary>This flow has a binding; it is refreshed in time.</summary>
    /// <param name="Expires">What the registrar gave.</param>
    public sealed record Registered(TimeSpan Expires) : UserAgentEffect;

    /// <summary>There is no binding any more, or none came about.</summary>
    /// <param name="Status">200 when it was wished, else that of the refusal; 408 for silence, 503 for a lost flow.</param>
    public sealed record Unregistered(int Status) : UserAgentEffect
    {
        /// <summary>How long the refusal asks to wait (RFC 3261 §20.33); null where it says nothing.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>
    /// A REGISTER was refused for its token (RFC 8898 §2.3.1): with another, given by <see cref="UserAgent.UseToken"/>, it is tried
    /// again.
    /// </summary>
    /// <param name="Challenge">Names who makes such tokens, which is to be compared with who is believed.</param>
    public sealed record Challenged(BearerChallenge Challenge) : UserAgentEffect;

    /// <summary>A TURN credential came; the one before of its type is replaced.</summary>
    public sealed record Provided(TurnCredential Credential) : UserAgentEffect;

    /// <summary>A TURN credential was asked for, and none came that can be read; the one before stays.</summary>
    /// <param name="Status">Of the answer; 408 for silence, 503 for a lost flow.</param>
    /// <param name="Reason">The edge's words in a Warning (RFC 3261 §20.43); null when it gave none.</param>
    public sealed record Withheld(int Status, string? Reason = null) : UserAgentEffect;

    /// <summary>Somebody calls; it rings there until this side answers.</summary>
    /// <param name="Call">Its name from now on.</param>
    /// <param name="Invite">With the offer as its body.</param>
    public sealed record Called(CallNumber Call, SipMessage Invite) : UserAgentEffect;

    /// <summary>The other side rings.</summary>
    public sealed record Ringing(CallNumber Call) : UserAgentEffect;

    /// <summary>The other side answered.</summary>
    /// <param name="Call">Which.</param>
    /// <param name="Answer">The body of its 2xx.</param>
    public sealed record Answered(CallNumber Call, ReadOnlyMemory<byte> Answer) : UserAgentEffect;

    /// <summary>A call that was answered here is acknowledged: it stands.</summary>
    public sealed record Established(CallNumber Call) : UserAgentEffect;

    /// <summary>The call is over, or never began.</summary>
    /// <param name="Call">Which.</param>
    /// <param name="Status">200 after a BYE of either side, else that of the refusal; 487 when it was cancelled.</param>
    public sealed record Ended(CallNumber Call, int Status) : UserAgentEffect;

    /// <summary>A MESSAGE came (RFC 3428).</summary>
    public sealed record Received(SipMessage Message) : UserAgentEffect;

    /// <summary>What became of a MESSAGE of ours.</summary>
    public sealed record Delivered(SipUri To, int Status) : UserAgentEffect;
}
