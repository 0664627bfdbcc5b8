using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>Where a call is.</summary>
enum CallState : byte
{
    /// <summary>An INVITE of ours has no final response.</summary>
    Calling,

    /// <summary>An INVITE to us has no final response.</summary>
    Called,

    /// <summary>Answered here; the ACK has not come.</summary>
    Accepted,

    Established,
}

/// <summary>One call and its dialog (RFC 3261 §12).</summary>
sealed class Call(CallNumber number, TransactionId invite, SipMessage request, string localTag)
{
    public CallNumber Number => number;

    /// <summary>The transaction of the INVITE, client or server.</summary>
    public TransactionId Invite => invite;

    /// <summary>The INVITE itself.</summary>
    public SipMessage Request => request;

    public string LocalTag => localTag;

    public string CallId { get; } = request.CallId!;

    public CallState State { get; set; }

    /// <summary>Whether this side wants it no more while the INVITE is still open.</summary>
    public bool HungUp { get; set; }

    public string? RemoteTag { get; set; }

    public NameAddress? Local { get; set; }

    public NameAddress? Remote { get; set; }

    public SipUri? RemoteTarget { get; set; }

    public IReadOnlyList<NameAddress> Routes { get; set; } = [];

    public uint LocalSequence { get; set; }

    public uint RemoteSequence { get; set; }

    /// <summary>The 2xx that is sent again until the ACK comes (§13.3.1.4), when, and until when.</summary>
    public SipMessage? Answer { get; set; }

    public TimeSpan AnswerInterval { get; set; }

    public Instant AnswerEnds { get; set; }

    /// <summary>§12.1.2: the callee's answer makes the dialog of the caller.</summary>
    public void TakeAnswer(SipMessage answer)
    {
        (Local, Remote, RemoteTag) = (request.From, answer.To, answer.To?.Tag);
        RemoteTarget = answer.Contacts is [var contact, ..] ? contact.Uri : request.RequestUri;
        Routes = [.. answer.RecordRoutes.Reverse()];
        LocalSequence = request.CSeq!.Value.Number;
    }

    /// <summary>§12.1.1: the caller's request makes the dialog of the callee.</summary>
    public void TakeRequest()
    {
        (Local, Remote, RemoteTag) = (request.To?.With("tag", localTag), request.From, request.From?.Tag);
        RemoteTarget = request.Contacts is [var contact, ..] ? contact.Uri : request.From?.Uri;
        Routes = request.RecordRoutes;
        RemoteSequence = request.CSeq!.Value.Number;
    }

    /// <summary>Whether a message belongs to this dialog (§12.2.2): Call-ID, our tag in To, theirs in From.</summary>
    public bool Owns(SipMessage message) =>
        message.CallId == CallId && message.To?.Tag == localTag && (RemoteTag is null || message.From?.Tag == RemoteTag);
}
